import { CardNumberGuard } from './card-number-guard.ts';
import { CAIN_MESSAGES, MESSAGE_CLASSES, MESSAGE_FUNCTIONS, MESSAGE_ORIGINS } from './code-lists.ts';
import { elementNote, type PciClass, type ValueKind } from './element-notes.ts';
import { explainValue } from './explain-element.ts';
import type { FieldSpec } from './field-table.ts';
import type { InspectedElement, InspectedFault, Inspection } from './inspect-message.ts';
import { fieldTableFor, type Iso8583Version, versionOf } from './versions.ts';

/** An element as it may be shown to anybody. */
export interface DescribedElement {
  readonly number: number;
  readonly name: string;
  /** The value, or what stands in its place. */
  readonly shown: string;
  /** Its first byte, counted from the start of the message. */
  readonly byteOffset: number;
  /** What the value means, part by part; nothing where the value is not shown. */
  readonly meaning: readonly string[];
  readonly pci: PciClass;
  /** Paths in the cain message; none for what is not carried. */
  readonly cain: readonly string[];
}

/** Where a message broke, in words; nothing of what stood there. */
export interface DescribedFault {
  readonly code: string;
  /** `MESSAGE`, `MTI`, `BITMAP`, or an element as `DE35`. */
  readonly part: string;
  /** The name of the element; undefined for another part, and for an element that the version lacks. */
  readonly name: string | undefined;
  /** Bytes of the message before the fault. */
  readonly byteOffset: number;
  /** Bytes of the part before the fault, its length prefix counted. */
  readonly byteOfPart: number;
  readonly explanation: string;
}

/** A message as it may be shown to anybody: no card number, and nothing that must not be stored. */
export interface DescribedMessage {
  readonly mti: string | undefined;
  readonly version: Iso8583Version | undefined;
  /** `authorization request of the acquirer`. */
  readonly kind: string | undefined;
  /** The ISO 20022 message that it becomes; undefined for a class that is not posted. */
  readonly cainMessage: string | undefined;
  readonly elements: readonly DescribedElement[];
  readonly fault: DescribedFault | undefined;
  /** Why values that could be shown are not; undefined when they are. */
  readonly hidden: string | undefined;
}

const LAST_DIGITS_SHOWN = 4;
/** Runs of 14 and 16 digits in 2003, which are a time or an amount and may pass Luhn by chance. */
const LONG_NUMBERS_2003: ReadonlySet<ValueKind> = new Set([
  'AMOUNT',
  'ADDITIONAL_AMOUNTS',
  'ORIGINAL_AMOUNTS',
  'LOCAL_TIME',
]);
/** What a terminal would act on instead of showing it. */
const CONTROL_CHARACTERS = /\p{Cc}/gu;
const FAULTS: Readonly<Record<string, string>> = {
  ODD_HEX: 'half a byte stands at the end',
  BAD_HEX: 'what stands there is no hex digit',
  CUT_SHORT: 'the message ends before the part does',
  TRAILING_BYTES: 'bytes are left after the last element that the bitmap names',
  BAD_DIGIT: 'what stands there is no digit in the encoding of the profile',
  BAD_PADDING: 'the digit that fills up the first byte is not zero',
  BAD_LENGTH: 'the length is no number, or more than the element may have',
  UNKNOWN_ELEMENT: 'the version has no such element',
  UNSUPPORTED_VERSION: 'the first digit names no version that is supported: 0 is 1987, 1 is 1993, 2 is 2003',
};

/**
 * Describes a message for people. A card number shows its last four digits; track data, PIN blocks, chip data,
 * verification values and private elements show their length. A text that holds a card number shows its length
 * too, and so does everything in a message that broke before it had a card number where one belongs: what looks
 * like an amount may then be a part of it.
 */
export function describeMessage({ mti, elements, fault }: Inspection): DescribedMessage {
  const version = mti === undefined ? undefined : versionOf(mti);
  const fields = mti === undefined ? undefined : fieldTableFor(mti);
  const guard = new CardNumberGuard(elements);
  const hasCardNumber = elements.some(({ number }) => number === 2);
  const isDoubtful = !guard.isPlausible && (fault !== undefined || hasCardNumber);
  const values = new Map(elements.map(({ number, value }) => [number, value]));
  const cain = CAIN_MESSAGES[mti?.charAt(1) ?? ''];
  return {
    mti,
    version,
    kind: mti === undefined ? undefined : kindOf(mti),
    cainMessage: cain?.message,
    elements:
      version === undefined
        ? []
        : elements.map((element) => {
            const { number, byteOffset } = element;
            const note = elementNote(version, number);
            const { shown, isValue } = shownOf(element, version, fields?.get(number), guard, isDoubtful);
            const parts = isValue
              ? explainValue(version, number, element.value, (other) => values.get(other))
              : [];
            return {
              number,
              name: fields?.get(number)?.name ?? '',
              shown,
              byteOffset,
              meaning: parts.map(printable),
              pci: note.pci,
              cain: cain === undefined ? [] : note.cain.map((path) => `${cain.root}/${path}`),
            };
          }),
    fault:
      fault &&
      describeFault(fault, typeof fault.error.part === 'number' ? fields?.get(fault.error.part) : undefined),
    hidden: isDoubtful
      ? 'values are not shown: no card number was found where one belongs, so what looks like another element may be a part of it'
      : undefined,
  };
}

function shownOf(
  { number, value }: InspectedElement,
  version: Iso8583Version,
  field: FieldSpec | undefined,
  guard: CardNumberGuard,
  isDoubtful: boolean,
): { readonly shown: string; readonly isValue: boolean } {
  const { visibility, kind } = elementNote(version, number);
  const length = field?.type === 'b' ? `${value.length / 2} bytes` : `${value.length} characters`;
  const instead = (why: string) => ({ shown: `[${length}, ${why}]`, isValue: false });
  switch (visibility) {
    case 'NEVER_KEPT':
      return instead('never kept');
    case 'PROTECTED':
      return instead('protected');
    case 'CONFIDENTIAL':
    case 'LAST_FOUR': {
      if (isDoubtful || value.length < 3 * LAST_DIGITS_SHOWN) return instead('not shown');
      const hidden = value.length - LAST_DIGITS_SHOWN;
      return { shown: '*'.repeat(hidden) + value.slice(hidden), isValue: false };
    }
    case 'PLAIN':
      if (isDoubtful) return instead('not shown');
      if (
        version === '2003' && LONG_NUMBERS_2003.has(kind)
          ? guard.holdsOwnCardNumber(value)
          : guard.holdsCardNumber(value)
      )
        return instead('holds what looks like a card number');
      return { shown: printable(value), isValue: true };
  }
}

function printable(text: string): string {
  return text.replace(
    CONTROL_CHARACTERS,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

function kindOf(mti: string): string {
  const [, messageClass = '', messageFunction = '', origin = ''] = mti;
  const words = [
    MESSAGE_CLASSES[messageClass] ?? 'unknown class',
    MESSAGE_FUNCTIONS[messageFunction] ?? 'unknown function',
  ];
  return `${words.join(' ')}, ${MESSAGE_ORIGINS[origin] ?? 'unknown origin'}`;
}

function describeFault({ error, byteOfPart }: InspectedFault, field: FieldSpec | undefined): DescribedFault {
  const { code, part, byteOffset } = error;
  return {
    code,
    part: typeof part === 'number' ? `DE${part}` : part,
    name: field?.name,
    byteOffset,
    byteOfPart,
    explanation: FAULTS[code] ?? code,
  };
}
