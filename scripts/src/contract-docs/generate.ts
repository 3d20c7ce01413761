/** Writes `docs/events.md` and `docs/asyncapi.yaml`; with `--check` it only compares, and fails where they are stale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { generatedDocuments } from './generated-documents.ts';

const ROOT = new URL('../../../', import.meta.url);

const documents = Object.entries(generatedDocuments());
const stale = documents.filter(([path, text]) => {
  const url = new URL(path, ROOT);
  return !existsSync(url) || readFileSync(url, 'utf8') !== text;
});
const names = stale.map(([path]) => path).join(', ');
if (stale.length === 0) console.log(`generated documents are fresh: ${documents.length} files`);
else if (process.argv.includes('--check')) {
  console.error(`stale: ${names}. Run: pnpm --filter @payments/scripts generate`);
  process.exitCode = 1;
} else {
  for (const [path, text] of stale) writeFileSync(new URL(path, ROOT), text);
  console.log(`written: ${names}`);
}
