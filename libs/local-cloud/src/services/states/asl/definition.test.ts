import { describe, expect, it } from '@jest/globals';
import { compileDefinition } from './definition.ts';

function problems(definition: unknown): readonly string[] {
  const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
  const compiled = compileDefinition(text, (resource) => `no ${resource} here`);
  return 'problems' in compiled ? compiled.problems : [];
}

const END = { Type: 'Pass', End: true };

describe('a definition', () => {
  it('is accepted when all of it is run', () => {
    expect(
      problems({ Comment: 'c', Version: '1.0', StartAt: 'A', TimeoutSeconds: 5, States: { A: END } }),
    ).toEqual([]);
  });

  it.each<[string, unknown, RegExp]>([
    ['is not JSON', '{', /not JSON/],
    ['has no states', { StartAt: 'A' }, /States are missing/],
    ['starts nowhere', { StartAt: 'B', States: { A: END } }, /no state 'B' to go to at \//],
    [
      'goes nowhere',
      { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' } } },
      /no state 'B' to go to at \/States\/A/,
    ],
    ['has no way out', { StartAt: 'A', States: { A: { Type: 'Pass' } } }, /either Next or End.*\/States\/A/],
    [
      'has an unknown state type',
      { StartAt: 'A', States: { A: { Type: 'Magic', End: true } } },
      /the state type 'Magic' is not run by the local cloud at \/States\/A/,
    ],
    [
      'has an unknown field',
      { StartAt: 'A', States: { A: { ...END, Colour: 1 } } },
      /the field Colour is not known or not run by the local cloud at \/States\/A/,
    ],
    [
      'has a state in JSONata',
      { StartAt: 'A', States: { A: { ...END, QueryLanguage: 'JSONata', Output: '{% 1 %}' } } },
      /query language JSONata is not run.*at \/States\/A/,
    ],
    [
      'is in JSONata',
      { StartAt: 'A', QueryLanguage: 'JSONata', States: { A: END } },
      /query language JSONata is not run.*at \/States\/A/,
    ],
    [
      'calls what is not here',
      { StartAt: 'A', States: { A: { Type: 'Task', Resource: 'x', End: true } } },
      /Resource 'x' is not run: no x here at \/States\/A/,
    ],
    [
      'has a bad path in a branch',
      {
        StartAt: 'P',
        States: {
          P: {
            Type: 'Parallel',
            End: true,
            Branches: [{ StartAt: 'A', States: { A: { ...END, Parameters: { 'x.$': '$.a[' } } } }],
          },
        },
      },
      /Parameters: The value for the field 'x\.\$'.*at \/States\/P\/Branches\[0\]\/States\/A/,
    ],
    [
      'reads items from S3',
      {
        StartAt: 'M',
        States: {
          M: { Type: 'Map', End: true, ItemReader: {}, ItemProcessor: { StartAt: 'A', States: { A: END } } },
        },
      },
      /ItemReader is not run by the local cloud.*at \/States\/M/,
    ],
    [
      'has a rule with two operators',
      {
        StartAt: 'C',
        States: {
          A: END,
          C: { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, IsString: true, Next: 'A' }] },
        },
      },
      /exactly one operator.*at \/States\/C\/Choices\[0\]/,
    ],
    [
      'has a bad retrier',
      {
        StartAt: 'T',
        States: {
          T: {
            Type: 'Task',
            Resource: 'x',
            End: true,
            Retry: [{ ErrorEquals: ['States.ALL', 'A'], IntervalSeconds: 0 }],
          },
        },
      },
      /IntervalSeconds must be a number of at least 1 at \/States\/T\/Retry\[0\]/,
    ],
  ])('that %s is refused with the place', (_, definition, expected) => {
    expect(problems(definition).join('\n')).toMatch(expected);
  });

  it('is refused with all that is wrong at once', () => {
    const bad = {
      StartAt: 'A',
      States: { A: { Type: 'Magic' }, B: { ...END, Colour: 1 }, C: { ...END, Size: 2 } },
    };
    expect(problems(bad)).toHaveLength(3);
  });
});
