import { UnreadableLineError } from '../errors.ts';
import { type Iso8583Version, versionOf } from '../iso8583/versions.ts';
import type { MessagePair } from './message-pair.ts';

/** The elements of a pair, read as one authorization. */
export class PairElements {
  readonly pair: MessagePair;
  /** When the authorization was logged, epoch milliseconds: dates without a year are near it. */
  readonly loggedAt: number;
  readonly version: Iso8583Version;

  /** @throws UnreadableLineError for a version that the decoder does not know either */
  constructor(pair: MessagePair, loggedAt: number) {
    const version = versionOf(pair.request.mti);
    if (version === undefined)
      throw new UnreadableLineError(
        'UNSUPPORTED_VERSION',
        'the messages are of no version that is supported',
      );
    this.pair = pair;
    this.loggedAt = loggedAt;
    this.version = version;
  }

  get is1987(): boolean {
    return this.version === '1987';
  }

  /** What the request says, or the response where the request says nothing. */
  asked(number: number): string | undefined {
    return this.pair.request.elements.get(number) ?? this.pair.response.elements.get(number);
  }

  /** What the response says, or the request where the response says nothing. */
  answered(number: number): string | undefined {
    return this.pair.response.elements.get(number) ?? this.pair.request.elements.get(number);
  }

  /** As `asked`; undefined also for nothing but zeros, which is how a fixed element says nothing. */
  askedUnlessZero(number: number): string | undefined {
    const value = this.asked(number);
    return value === undefined || /^0*$/.test(value) ? undefined : value;
  }

  /** As `asked`, without the blanks around it; undefined for nothing but blanks. */
  askedText(number: number): string | undefined {
    const text = this.asked(number)?.trim();
    return text === '' ? undefined : text;
  }

  /** @throws UnreadableLineError MISSING_ELEMENT */
  required(number: number): string {
    return present(number, this.asked(number));
  }
}

/** @throws UnreadableLineError MISSING_ELEMENT */
export function present<Value>(number: number, value: Value | undefined): Value {
  if (value === undefined) throw new UnreadableLineError('MISSING_ELEMENT', `the messages lack DE${number}`);
  return value;
}

/** @throws UnreadableLineError INVALID_ELEMENT */
export function valid<Value>(number: number, value: Value | undefined, rule: string): Value {
  if (value === undefined) throw new UnreadableLineError('INVALID_ELEMENT', `DE${number} ${rule}`);
  return value;
}
