import { existsSync, readFileSync } from 'node:fs';
import { type ContractSet, readContractSet } from './contract-set.ts';

/** Where the present contracts lie. */
export const PRESENT = new URL('../../', import.meta.url);
/** Where the contracts of the last release lie, copied by `src/release.ts`. */
export const RELEASED = new URL('../../released/', import.meta.url);

/** What was released last. */
export interface Release {
  /** Of all contracts together; each contract's own major version stands in its file's name. */
  readonly version: string;
  readonly contracts: ContractSet;
}

/** The last release; undefined as long as there is none. */
export function readRelease(): Release | undefined {
  const manifest = new URL('release.json', RELEASED);
  if (!existsSync(manifest)) return undefined;
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return { version, contracts: readContractSet(RELEASED) };
}

/** Files of released contracts that may be gone: `released/retired.json` says why of each. */
export function retiredContracts(): ReadonlySet<string> {
  const reasons = JSON.parse(readFileSync(new URL('retired.json', RELEASED), 'utf8')) as Readonly<
    Record<string, string>
  >;
  return new Set(Object.keys(reasons));
}
