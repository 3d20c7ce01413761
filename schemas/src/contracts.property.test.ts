import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contractsUnderTest } from './examples.fixture.ts';
import { explainProblem } from './validate.ts';
import { type Place, placesOf, withPlace } from './walk-value.fixture.ts';

const TEXT = 'shared/text.v1.json';
/** A published test number, as it may stand in a text. */
const PAN_LIKE = fc.constantFrom('4111111111111111', '4111 1111 1111 1111', '4111-1111-1111-1111');
const AROUND = fc.constantFrom('', ' ', ' TO ', '/', ' 10 ', '#');

/** Examples of accepted values with those of their places that a test is about. */
function casesWith(wanted: (place: Place) => boolean) {
  return contractsUnderTest.flatMap((contract) =>
    contract.accepted.flatMap(({ name, value }) => {
      const places = [...placesOf(contract.file, value)].filter(wanted);
      return places.length === 0 ? [] : [{ ...contract, name, value, places }];
    }),
  );
}

describe('an unknown member', () => {
  // A document that is one message cannot have a second member, whoever reads it.
  const cases = casesWith(
    ({ schema }) => schema['additionalProperties'] === false && schema['maxProperties'] === undefined,
  );

  it('can come in every contract that is an object', () => {
    const objects = contractsUnderTest.filter(({ file }) => file.schema['type'] === 'object');
    expect(new Set(cases.map(({ file }) => file.title))).toEqual(
      new Set(objects.map(({ file }) => file.title)),
    );
  });

  it('is refused from a producer and accepted by a consumer, wherever it is', () => {
    const name = fc.stringMatching(/^x[A-Za-z0-9_]{1,12}$/);
    fc.assert(
      fc.property(
        fc.constantFrom(...cases),
        fc.nat(),
        name,
        fc.jsonValue(),
        (example, at, member, content) => {
          const place = example.places[at % example.places.length];
          if (place === undefined) throw new Error('the example has no object');
          const extended = { ...(place.value as object), [member]: content };
          const value = withPlace(example.value, place.path, extended);
          expect(example.open(value)).toBe(true);
          expect(example.closed(value)).toBe(false);
          expect(explainProblem(example.closed)).toContain(
            `a member that the contract does not name: ${member}`,
          );
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('free text', () => {
  const cases = casesWith(({ file }) => file.path === TEXT).flatMap(({ places, ...example }) =>
    places.map((place) => ({ ...example, place })),
  );

  it('is in every event that quotes or explains', () => {
    const events = new Set(cases.map(({ file }) => file.title));
    for (const title of ['AuthorizationLogged', 'TransactionEnriched', 'PostingEntryCreated'])
      expect(events).toContain(title);
    expect(cases.length).toBeGreaterThan(100);
  });

  it('is refused with a card number in it, by producers and by consumers, wherever it is', () => {
    for (const { file, name, value, place, closed, open } of cases) {
      const leaking = withPlace(value, place.path, 'CARD 4111 1111 1111 1111');
      for (const validate of [closed, open]) {
        const verdict = validate(leaking) ? 'accepted' : explainProblem(validate);
        const where = place.path.length === 0 ? 'the record' : place.path.join('.');
        expect([file.path, name, verdict]).toEqual([
          file.path,
          name,
          `${where} holds what looks like a card number`,
        ]);
      }
    }
  });

  it('does not hide a card number among other things', () => {
    fc.assert(
      fc.property(fc.constantFrom(...cases), AROUND, PAN_LIKE, AROUND, (example, before, pan, after) => {
        const value = withPlace(example.value, example.place.path, `A${before}${pan}${after}Z`);
        expect(example.closed(value)).toBe(false);
        expect(example.open(value)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});
