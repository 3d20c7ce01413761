import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { knownCommands, missingInDocument, unknownInDocument } from './documented-commands.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const known = await knownCommands(ROOT);

// That the documents of this repository keep to it is checked by scripts/src/tidy.ts.
describe('a command that a document names', () => {
  it.each([
    '`npm run -s payments -- balance ACC-0001 --verify`',
    'Prose of payments received, and `payments trace --last` besides.',
    '```\nhead -1 lines.jsonl | payments ingest post - --key a # --no-option of a comment\n```',
    '```bash\nnpm run -s payments -- replay --to posting \\\n  --from 1h --until now\n```',
    '`npm start -- --fresh` and `pnpm turbo deploy`, `npm run benchmark -- --stages`',
  ])('may be run as it stands: %j', (document) => {
    expect(unknownInDocument(document, known)).toEqual([]);
  });

  it.each([
    ['`payments reconcile stauts --json`', 'there is no command "payments reconcile stauts"'],
    ['`npm run -s payments -- balance A --veryfy`', '"payments balance" has no option --veryfy'],
    ['```\npayments dlq list | payments nothing\n```', 'there is no command "payments nothing"'],
    ['`npm start -- --no-such`', '"npm start" has no option --no-such'],
    ['`npm run benchmark -- --no-such`', '"npm run benchmark" has no option --no-such'],
    ['`pnpm no:such`', 'no package.json has a script "no:such"'],
  ])('is found when there is none: %j', (document, problem) => {
    expect(unknownInDocument(document, known)).toEqual([problem]);
  });

  it('is missing where no table names it', () => {
    const commands = ['dlq list', 'dlq drop', 'scan'].map((name) => ({ name, help: '' }));
    const page = '| `dlq list`, `show` | lists |\n| `scanner` | no |\n';
    expect(missingInDocument(page, { commands, scripts: new Set() })).toEqual(['dlq drop', 'scan']);
  });
});
