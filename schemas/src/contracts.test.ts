import { describe, expect, it } from '@jest/globals';
import { contractsUnderTest, exampleFolderOf, exampleFolders } from './examples.fixture.ts';
import { explainProblem } from './validate.ts';
import { branchesOf, placesOf, schemaFiles, schemasIn } from './walk-value.fixture.ts';

const ACCEPTED_MIN = 2;
const REFUSED_MIN = 4;

describe('the examples', () => {
  it('are there for every contract and for nothing else', () => {
    expect(exampleFolders).toEqual(schemaFiles.map(exampleFolderOf).sort());
  });
});

describe.each(contractsUnderTest.map((contract) => [contract.file.path, contract] as const))(
  '%s',
  (_path, { file, closed, open, accepted, refused }) => {
    it('has enough examples', () => {
      expect(accepted.length).toBeGreaterThanOrEqual(ACCEPTED_MIN);
      expect(refused.length).toBeGreaterThanOrEqual(REFUSED_MIN);
    });

    it('accepts what it should, from producers and by consumers', () => {
      const problems = accepted.flatMap(({ name, value }) => [
        ...(closed(value) ? [] : [`${name}, closed: ${explainProblem(closed)}`]),
        ...(open(value) ? [] : [`${name}, open: ${explainProblem(open)}`]),
      ]);
      expect(problems).toEqual([]);
    });

    it('refuses what it should, for the reason that the example gives', () => {
      const wrong = refused.flatMap(({ name, why, expect: reason, value }) => {
        if (why === '' || reason === '') return [`${name} does not say why`];
        if (closed(value)) return [`${name} is accepted`];
        const problem = explainProblem(closed);
        return problem.includes(reason) ? [] : [`${name}: ${problem}, expected: ${reason}`];
      });
      expect(wrong).toEqual([]);
    });

    it('is accepted by consumers unless something but its closing is broken', () => {
      const onlyClosing = refused.filter(({ expect: reason }) => reason.includes('does not name'));
      const refusedByOpen = onlyClosing.filter(({ value }) => !open(value)).map(({ name }) => name);
      expect(refusedByOpen).toEqual([]);
      const others = refused.filter((example) => !onlyClosing.includes(example));
      expect(others.filter(({ value }) => open(value)).map(({ name }) => name)).toEqual([]);
    });

    it('shows every member that it names', () => {
      const shown = new Set<unknown>();
      for (const { value } of accepted)
        for (const { schema, value: held } of placesOf(file, value)) {
          const { properties } = branchesOf(schema);
          for (const name of Object.keys(properties))
            if (Object.hasOwn(held as object, name)) shown.add(properties[name]);
        }
      const hidden = [...schemasIn(file.schema)].flatMap((schema) =>
        Object.entries(branchesOf(schema).properties).flatMap(([name, member]) =>
          shown.has(member) ? [] : [name],
        ),
      );
      expect(hidden).toEqual([]);
    });

    it('is validated without being changed', () => {
      for (const { value } of [...accepted, ...refused]) {
        const before = JSON.stringify(value);
        const frozen = deepFrozen(value);
        closed(frozen);
        open(frozen);
        expect(JSON.stringify(frozen)).toBe(before);
      }
    });
  },
);

/** Writing to a frozen value throws in a module, so a validator that writes does not get away with it. */
function deepFrozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) deepFrozen(member);
  return Object.freeze(value);
}
