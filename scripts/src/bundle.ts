/**
 * Bundles the Lambda functions of the stage in the current folder into `dist/handler.zip`: one ES module with
 * everything that it needs, as it is uploaded. The same sources give the same bytes.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

/** Every entry of the archive carries this time, so that the archive depends on its content alone. */
const ENTRY_TIME = new Date('2020-01-01T00:00:00');
/** CommonJS dependencies inside an ES module ask for `require`. */
const REQUIRE_BANNER =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const result = await build({
  entryPoints: ['src/handler.ts'],
  outfile: 'dist/bundle/index.mjs',
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
const code = readFileSync('dist/bundle/index.mjs');
mkdirSync('dist', { recursive: true });
const archive = zipSync({ 'index.mjs': [code, { mtime: ENTRY_TIME }] }, { level: 6 });
writeFileSync('dist/handler.zip', archive);
writeFileSync('dist/bundle/inputs.json', `${JSON.stringify(inputSizes(result.metafile), null, 2)}\n`);
console.log(
  `bundled dist/handler.zip: ${kilobytes(archive.length)} zipped, ${kilobytes(code.length)} of code`,
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
