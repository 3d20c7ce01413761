/**
 * Bundles the Lambda functions of the stage in the current folder into `dist/handler.zip`: one ES module with
 * everything that it needs to start, and beside it what is imported only when it is needed. The same sources give the
 * same bytes.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { build } from 'esbuild';
import { type Zippable, zipSync } from 'fflate';

/** Every entry of the archive carries this time, so that the archive depends on its content alone. */
const ENTRY_TIME = new Date('2020-01-01T00:00:00');
/** CommonJS dependencies inside an ES module ask for `require`. */
const REQUIRE_BANNER =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const OUT = 'dist/bundle';

rmSync(OUT, { recursive: true, force: true });
const result = await build({
  entryPoints: { index: 'src/handler.ts' },
  outdir: OUT,
  outExtension: { '.js': '.mjs' },
  splitting: true,
  chunkNames: 'later/[name]-[hash]',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  conditions: ['module'],
  mainFields: ['module', 'main'],
  minifyWhitespace: true,
  minifySyntax: true,
  keepNames: true,
  legalComments: 'none',
  banner: { js: REQUIRE_BANNER },
  logLevel: 'warning',
  metafile: true,
});
const modules = Object.keys(result.metafile.outputs).sort();
const files: Zippable = {};
for (const path of modules) files[relative(OUT, path)] = [readFileSync(path), { mtime: ENTRY_TIME }];
const archive = zipSync(files, { level: 6 });
writeFileSync('dist/handler.zip', archive);
writeFileSync(`${OUT}/inputs.json`, `${JSON.stringify(inputSizes(result.metafile), null, 2)}\n`);
const atStart = result.metafile.outputs[`${OUT}/index.mjs`]?.bytes ?? 0;
const all = Object.values(result.metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
console.log(
  `bundled dist/handler.zip: ${kilobytes(archive.length)} zipped, ${kilobytes(all)} of code, ${kilobytes(atStart)} in index.mjs`,
);

/** What the bundle is made of, the largest first, for whoever wonders about its size. */
function inputSizes(metafile: {
  outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
}): Record<string, number> {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return Object.fromEntries(
    inputs.map(([path, { bytesInOutput }]) => [path, bytesInOutput] as const).sort(([, a], [, b]) => b - a),
  );
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1024)} KB`;
}
