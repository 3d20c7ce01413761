import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { RuleSet } from '@payments/schemas';
import ruleSet from './rule-set.json' with { type: 'json' };
import { rulesTable } from './rules-table.ts';

describe('docs/rules.md', () => {
  // `node packages/rules/src/rules-table.ts` prints the table that belongs there.
  it('has the table of the rule set, as it is', () => {
    const document = readFileSync(new URL('../../../docs/rules.md', import.meta.url), 'utf8');
    expect(document).toContain(`\n${rulesTable(ruleSet as RuleSet)}\n`);
    expect(document).toContain(`Rule set ${ruleSet.version},`);
  });

  it('would notice a rule that is not there', () => {
    const [first] = (ruleSet as RuleSet).rules;
    if (first === undefined) throw new Error('there are rules');
    expect(
      rulesTable({ version: '1', rules: [{ ...first, notify: true }] })
        .split('\n')
        .at(-1),
    ).toBe('| `card-unknown` 1 | refuses | `CARD_UNKNOWN` | The bank does not know the card. | all | yes |');
  });
});
