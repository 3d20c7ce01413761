import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PRICES_FILE = fileURLToPath(new URL('prices.json', import.meta.url));

/** What a unit costs in a region. */
export interface RegionalPrice {
  readonly usd: number;
  /** The day of the list or page that said so. */
  readonly asOf: string;
  /** False where it was found for another region only, or not in a list. */
  readonly verified: boolean;
  readonly source: string;
}

/** What a unit costs. */
export interface UnitPrice {
  /** As the local cloud calls what it counts, for example `sqs:requests`. */
  readonly unit: string;
  readonly service: string;
  readonly what: string;
  /** The price is for so many units. */
  readonly per: number;
  readonly regions: Readonly<Record<string, RegionalPrice>>;
}

/** The price table as of a day. */
export interface PriceTable {
  readonly readOn: string;
  readonly note: string;
  readonly prices: readonly UnitPrice[];
}

/** There are no prices for what is asked. */
export class PriceMissingError extends Error {
  override readonly name = 'PriceMissingError';
  readonly code = 'PriceMissing';
  readonly retryable = false;
}

export function readPriceTable(file = PRICES_FILE): PriceTable {
  return JSON.parse(readFileSync(file, 'utf8')) as PriceTable;
}

/** The regions that every unit has a price in. */
export function pricedRegions({ prices }: PriceTable): readonly string[] {
  const [first] = prices;
  return Object.keys(first?.regions ?? {}).filter((region) =>
    prices.every(({ regions }) => regions[region] !== undefined),
  );
}

/** A unit with its price in one region. */
export interface PricedUnit {
  readonly unit: string;
  readonly service: string;
  readonly what: string;
  readonly usdPerUnit: number;
  readonly verified: boolean;
}

/** @throws PriceMissingError */
export function priceOf({ prices }: PriceTable, unit: string, region: string): PricedUnit {
  const found = prices.find((price) => price.unit === unit);
  const regional = found?.regions[region];
  if (found === undefined || regional === undefined)
    throw new PriceMissingError(`there is no price for ${unit} in ${region}`);
  const { service, what, per } = found;
  return { unit, service, what, usdPerUnit: regional.usd / per, verified: regional.verified };
}
