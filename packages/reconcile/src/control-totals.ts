import { ContentHash } from './content-hash.ts';
import type { StatementScope } from './ledger-statement.ts';
import type { GroupTotals } from './pass-result.ts';

/**
 * Sequences fall into so many buckets by their id. With a million of them a bucket has sixteen, so that looking into
 * a few hundred breaks reads few sequences that agree; the table of both sides takes 1.5 MB.
 */
export const BUCKETS = 65_536;
/** Sums are added as numbers as long as they are exact. */
const EXACT_MAX = 2 ** 52;
/** Amounts of at most so many digits are exact numbers of which some may be added. */
const EXACT_DIGITS = 15;
const LANE = 2 ** 32;

/** An entry as both sides have it. */
export interface ControlEntry {
  readonly number: number;
  readonly accountId: string;
  readonly direction: 'DEBIT' | 'CREDIT';
  readonly minorUnits: string;
  readonly currency: string;
  readonly bookingDate: string;
  readonly valueDate: string;
  readonly scheme: string;
  readonly eventCode: string;
}

/** Count, sums and hash total of some entries; it does not depend on their order. */
export class ControlTotals {
  count = 0;
  #debits = new ExactSum();
  #credits = new ExactSum();
  #high = 0;
  #low = 0;

  add(entry: Pick<ControlEntry, 'direction' | 'minorUnits'>, high: number, low: number): void {
    this.count += 1;
    (entry.direction === 'DEBIT' ? this.#debits : this.#credits).add(entry.minorUnits);
    this.#high = (this.#high + high) >>> 0;
    this.#low = (this.#low + low) >>> 0;
  }

  /** Adds or takes away what others come to. */
  combine(other: ControlTotals, sign: 1 | -1): void {
    this.count += sign * other.count;
    this.#debits.addUnits(BigInt(sign) * other.#debits.units);
    this.#credits.addUnits(BigInt(sign) * other.#credits.units);
    this.#high = (this.#high + sign * other.#high + LANE) >>> 0;
    this.#low = (this.#low + sign * other.#low + LANE) >>> 0;
  }

  equals(other: ControlTotals): boolean {
    return (
      this.count === other.count &&
      this.#high === other.#high &&
      this.#low === other.#low &&
      this.#debits.units === other.#debits.units &&
      this.#credits.units === other.#credits.units
    );
  }

  toWire(): GroupTotals {
    return {
      count: this.count,
      debits: this.#debits.units.toString(),
      credits: this.#credits.units.toString(),
      hashTotal: [this.#high, this.#low].map((lane) => lane.toString(16).padStart(8, '0')).join(''),
    };
  }
}

/** The totals of one side: by group, and a hash total and a count for each bucket of sequences. */
export class SideTotals {
  readonly groups = new Map<string, ControlTotals>();
  readonly #scope: StatementScope;
  readonly #hash = new ContentHash();
  readonly #highs: Uint32Array;
  readonly #lows: Uint32Array;
  readonly #counts: Uint32Array;
  #sequenceId = '';

  /** @param buckets false where only groups are wanted */
  constructor(scope: StatementScope, buckets = true) {
    this.#scope = scope;
    this.#highs = new Uint32Array(buckets ? BUCKETS : 0);
    this.#lows = new Uint32Array(buckets ? BUCKETS : 0);
    this.#counts = new Uint32Array(buckets ? BUCKETS : 0);
  }

  /** @param bucket that of the sequence which the entry belongs to or corrects */
  add(sequenceId: string, bucket: number, entry: ControlEntry): void {
    const { scheme, eventCode, valueDate } = this.#scope;
    const hash = sequenceId === this.#sequenceId ? this.#hash.again() : this.#hash.begin(sequenceId);
    this.#sequenceId = sequenceId;
    hash
      .add(`${entry.number}${entry.direction}`)
      .add(entry.accountId)
      .add(entry.minorUnits)
      .add(entry.currency)
      .add(entry.bookingDate);
    if (valueDate) hash.add(entry.valueDate);
    if (scheme) hash.add(entry.scheme);
    if (eventCode) hash.add(entry.eventCode);
    const { high, low } = hash;
    this.#group(groupKeyOf(entry, this.#scope)).add(entry, high, low);
    if (this.#counts.length === 0) return;
    this.#highs[bucket] = (this.#highs[bucket] ?? 0) + high;
    this.#lows[bucket] = (this.#lows[bucket] ?? 0) + low;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  /** How many entries a bucket has. */
  countOf(bucket: number): number {
    return this.#counts[bucket] ?? 0;
  }

  /** The buckets that are not the same on the other side. */
  differingBuckets(other: SideTotals): number[] {
    const differing: number[] = [];
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const isEqual =
        this.#counts[bucket] === other.#counts[bucket] &&
        this.#highs[bucket] === other.#highs[bucket] &&
        this.#lows[bucket] === other.#lows[bucket];
      if (!isEqual) differing.push(bucket);
    }
    return differing;
  }

  of(key: string): ControlTotals {
    return this.groups.get(key) ?? new ControlTotals();
  }

  #group(key: string): ControlTotals {
    let group = this.groups.get(key);
    if (group === undefined) {
      group = new ControlTotals();
      this.groups.set(key, group);
    }
    return group;
  }
}

/** Gives sequences their buckets. */
export class BucketOf {
  readonly #hash = new ContentHash();
  #sequenceId = '';
  #bucket = 0;

  of(sequenceId: string): number {
    if (sequenceId !== this.#sequenceId) {
      this.#sequenceId = sequenceId;
      this.#bucket = this.#hash.begin(sequenceId).high % BUCKETS;
    }
    return this.#bucket;
  }
}

/** What is checked together: an empty part is not said by the ledger. */
function groupKeyOf(
  { bookingDate, currency, scheme, eventCode }: ControlEntry,
  scope: StatementScope,
): string {
  return `${bookingDate}|${currency}|${scope.scheme ? scheme : ''}|${scope.eventCode ? eventCode : ''}`;
}

/** A sum of minor units: a number as long as that is exact, since adding millions of bigints takes its time. */
class ExactSum {
  #whole = 0n;
  #recent = 0;

  get units(): bigint {
    return this.#whole + BigInt(this.#recent);
  }

  add(minorUnits: string): void {
    if (minorUnits.length > EXACT_DIGITS) {
      this.#whole += BigInt(minorUnits);
      return;
    }
    this.#recent += Number(minorUnits);
    if (this.#recent < EXACT_MAX) return;
    this.#whole += BigInt(this.#recent);
    this.#recent = 0;
  }

  addUnits(units: bigint): void {
    this.#whole += units;
  }
}
