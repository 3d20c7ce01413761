import type { RuleSet } from '@payments/schemas';
import { pathsIn } from './condition-paths.ts';
import ruleSet from './rule-set.json' with { type: 'json' };

/** A rule that looks at this lets pass what follows an original. */
const ORIGINAL = 'transaction.original';
const HEADINGS = ['rule', 'does', 'reason', 'because', 'judges', 'tells people'];

/** All rules of a set as a table in Markdown, for `docs/rules.md`. */
export function rulesTable({ rules }: RuleSet): string {
  const lines = rules.map(({ id, version, effect, reason, explanation, when, emits, notify }) => [
    `\`${id}\` ${version}`,
    effect === 'REFUSE' ? 'refuses' : `finds: ${emits}`,
    `\`${reason}\``,
    explanation,
    pathsIn(when).includes(ORIGINAL) ? 'what is new' : 'all',
    notify === true ? 'yes' : '',
  ]);
  return [HEADINGS, HEADINGS.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

if (import.meta.main) console.log(rulesTable(ruleSet as RuleSet));
