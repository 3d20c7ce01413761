/**
 * Writes what is generated outside `schemas/`: the documents of the contracts and the pipelines of the packages. With
 * `--check` it only compares, and fails where they are stale.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { generatedDocuments } from './contract-docs/generated-documents.ts';
import { packagePipelines, stalePipelines } from './pipelines/package-pipelines.ts';

const ROOT = new URL('../../', import.meta.url);

const files = { ...generatedDocuments(), ...packagePipelines() };
const left = stalePipelines();
const stale = Object.entries(files).filter(([path, text]) => {
  const url = new URL(path, ROOT);
  return !existsSync(url) || readFileSync(url, 'utf8') !== text;
});
const names = [...stale.map(([path]) => path), ...left].join(', ');
if (names === '') console.log(`generated files are fresh: ${Object.keys(files).length} files`);
else if (process.argv.includes('--check')) {
  console.error(`stale: ${names}. Run: pnpm --filter @payments/scripts generate`);
  process.exitCode = 1;
} else {
  for (const [path, text] of stale) writeFileSync(new URL(path, ROOT), text);
  for (const path of left) rmSync(new URL(path, ROOT));
  console.log(`written: ${names}`);
}
