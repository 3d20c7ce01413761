import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const QUOTAS_FILE = fileURLToPath(new URL('quotas.json', import.meta.url));

/** A quota of AWS. */
export interface Quota {
  readonly id: string;
  readonly service: string;
  /** As AWS calls it. */
  readonly name: string;
  /** By region, where they differ. */
  readonly regions: Readonly<Record<string, number>>;
  /** In all other regions. */
  readonly otherwise: number;
  /** True where AWS raises it on request. */
  readonly adjustable: boolean;
  readonly verified: boolean;
  /** The day it was read. */
  readonly asOf: string;
  readonly source: string;
}

export interface QuotaTable {
  readonly readOn: string;
  readonly note: string;
  readonly quotas: readonly Quota[];
}

/** A quota that nobody has written down. */
export class QuotaMissingError extends Error {
  override readonly name = 'QuotaMissingError';
  readonly code = 'QuotaMissing';
  readonly retryable = false;
}

export function readQuotaTable(file = QUOTAS_FILE): QuotaTable {
  return JSON.parse(readFileSync(file, 'utf8')) as QuotaTable;
}

/** @throws QuotaMissingError */
export function quotaOf({ quotas }: QuotaTable, id: string): Quota {
  const found = quotas.find((quota) => quota.id === id);
  if (found === undefined) throw new QuotaMissingError(`there is no quota ${id}`);
  return found;
}

/** What a quota allows in a region. */
export function limitIn(quota: Quota, region: string): number {
  return quota.regions[region] ?? quota.otherwise;
}
