import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { GENERATED, generateFiles } from './generated-files.ts';

it('the generated files are those that the contracts make, and no others', async () => {
  const files = await generateFiles();
  const root = fileURLToPath(GENERATED);
  const present = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length).replace(/^\/+/, ''));
  expect(present.sort()).toEqual(Object.keys(files).sort());
  const stale = Object.entries(files).filter(
    ([name, text]) => readFileSync(new URL(name, GENERATED), 'utf8') !== text,
  );
  // Run: pnpm --filter @payments/schemas generate
  expect(stale.map(([name]) => name)).toEqual([]);
});
