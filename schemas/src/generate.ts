/** Writes the types and validators that are generated from the contracts; `--check` only compares. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { generateFiles, GENERATED as OUTPUT } from './generated-files.ts';

const files = await generateFiles();
const check = process.argv.includes('--check');
const stale: string[] = [];
for (const folder of ['open', 'closed']) mkdirSync(new URL(folder, OUTPUT), { recursive: true });
for (const [name, text] of Object.entries(files)) {
  const url = new URL(name, OUTPUT);
  let present = '';
  try {
    present = readFileSync(url, 'utf8');
  } catch {
    // A file that is not there yet is stale.
  }
  if (present === text) continue;
  stale.push(name);
  if (!check) writeFileSync(url, text);
}
for (const name of readdirSync(OUTPUT, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) =>
    `${entry.parentPath}/${entry.name}`.replace(OUTPUT.pathname.replace(/\/$/, ''), '').replace(/^\/+/, ''),
  )
  .filter((path) => !(path in files))) {
  stale.push(name);
  if (!check) rmSync(new URL(name, OUTPUT));
}
if (stale.length === 0) console.log(`generated files are fresh: ${Object.keys(files).length} files`);
else if (check) {
  console.error(`stale: ${stale.join(', ')}. Run: pnpm --filter @payments/schemas generate`);
  process.exitCode = 1;
} else console.log(`written: ${stale.length} files`);
