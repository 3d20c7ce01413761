import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { unzipSync } from 'fflate';
import { AwsError } from '../../core/aws-error.ts';

/**
 * The content hash of a bundle as Lambda gives it (`CodeSha256`).
 *
 * @returns base64 of the zip's SHA-256; of the path for a directory, which has no one content
 * @throws AwsError InvalidParameterValueException when there is no such file
 */
export function bundleHash(bundle: string): string {
  const stats = existsSync(bundle) ? statSync(bundle) : undefined;
  if (stats === undefined) {
    throw new AwsError('InvalidParameterValueException', `There is no function bundle at ${bundle}.`);
  }
  const content = stats.isDirectory() ? resolve(bundle) : readFileSync(bundle);
  return createHash('sha256').update(content).digest('base64');
}

/**
 * Opens a bundle.
 *
 * @param bundle a zip file, or a directory that is taken as it is
 * @param cacheDirectory where zips are unpacked, each once by its content
 * @returns the directory that holds the function's files
 */
export function openBundle(bundle: string, cacheDirectory: string): string {
  if (statSync(bundle).isDirectory()) return resolve(bundle);
  const zip = readFileSync(bundle);
  const target = join(cacheDirectory, createHash('sha256').update(zip).digest('hex'));
  if (existsSync(target)) return target;
  // Unpacked beside and renamed, so that a directory that is there is whole even after a crash.
  const unfinished = `${target}.${process.pid}`;
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    const path = join(unfinished, normalize(name));
    if (!path.startsWith(unfinished) || name.endsWith('/')) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  if (existsSync(target)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, target);
  return target;
}

/** The URL of a handler's module in an opened bundle, and the name of its export. */
export function handlerModule(directory: string, handler: string): { url: string; exportName: string } {
  const dot = handler.lastIndexOf('.');
  const base = join(directory, handler.slice(0, dot));
  const path = ['.mjs', '.js', '.cjs'].map((extension) => base + extension).find((file) => existsSync(file));
  if (path === undefined) {
    throw Object.assign(new Error(`Cannot find module '${handler.slice(0, dot)}'`), {
      name: 'Runtime.ImportModuleError',
    });
  }
  return { url: pathToFileURL(path).href, exportName: handler.slice(dot + 1) };
}
