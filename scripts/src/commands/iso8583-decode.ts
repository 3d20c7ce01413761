import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import {
  type DescribedElement,
  type DescribedMessage,
  describeMessage,
  inspectMessage,
  WIRE_PROFILES,
  type WireProfileName,
} from '@payments/ingest/iso8583';
import { type Command, CommandUsageError, type Output } from './command.ts';
import { onlyArgument } from './only-argument.ts';

const PROFILE_DEFAULT: WireProfileName = 'B';
const STANDARD_INPUT = '-';
/** Longer than any message: a mistake, like a file that is no message. */
const HEX_DIGITS_MAX = 1_000_000;
const NUMBER_WIDTH = 'DE128'.length;

const HELP = `usage: payments iso8583 decode [--profile A|B|C] [--explain] [--json] <hex>

Prints an ISO 8583 message element by element. Card numbers show their last four digits; track data, PIN
blocks, chip data, verification values and private elements show their length only. A message that breaks
is printed up to where it broke, with the byte and the element.

  <hex>            the message in hex, without a network header; - reads it from standard input
  --profile <p>    how the network writes it: A (ASCII), B (packed digits, EBCDIC text; the default), C (EBCDIC)
  --explain        adds the name of each element, what its value means, its PCI class, its ISO 20022 path
  --json           prints one JSON object instead, with everything that --explain adds

  payments iso8583 decode --profile B --explain 0100...
  head -1 sample/authorizations.jsonl | jq -r .request | payments iso8583 decode -`;

const PCI_CLASSES: Readonly<Record<DescribedElement['pci'], string>> = {
  TOKENIZE: 'PCI: card number, becomes a token before anything is written',
  NEVER_STORE: 'PCI: sensitive authentication data or what may hold it, never stored',
  PROTECT: 'PCI: protected when it is kept beside a card number',
  NONE: 'PCI: no card data',
};

/** Where the message comes from when it is not an argument; tests give their own. */
export type ReadInput = () => Promise<string>;

/** `payments iso8583 decode`, reading from somewhere. It exits with 1 for a message that breaks its format. */
export function iso8583DecodeFrom(readInput: ReadInput): Command {
  return {
    name: 'iso8583 decode',
    summary: 'print an ISO 8583 message element by element, masked',
    help: HELP,
    async run(args, output) {
      const { hex: given, profile, explain, json } = optionsOf(args);
      const raw = given === STANDARD_INPUT ? await readInput() : given;
      const hex = raw.replaceAll(/\s/g, '');
      if (hex === '') throw new CommandUsageError('the message is empty');
      if (hex.length > HEX_DIGITS_MAX)
        throw new CommandUsageError(`${hex.length} characters are too many for a message`);
      const message = describeMessage(inspectMessage(hex, profile));
      if (json) output.print(JSON.stringify({ profile, ...message }, null, 2));
      else printMessage(message, profile, explain, output);
      return message.fault === undefined ? 0 : 1;
    },
  };
}

export const iso8583Decode: Command = iso8583DecodeFrom(() => text(process.stdin));

/** @throws CommandUsageError */
function optionsOf(args: readonly string[]) {
  const { values, positionals } = parsed(args);
  const { profile = PROFILE_DEFAULT, explain = false, json = false } = values;
  const hex = onlyArgument(positionals, 'expected one message in hex, or - for standard input');
  if (!isProfile(profile))
    throw new CommandUsageError(`there is no profile of that name: ${Object.keys(WIRE_PROFILES).join(', ')}`);
  return { hex, profile, explain, json };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { profile: { type: 'string' }, explain: { type: 'boolean' }, json: { type: 'boolean' } },
    });
  } catch {
    // The message of the parser quotes the argument, which may be a message with a card number in it.
    throw new CommandUsageError('options are --profile A|B|C, --explain and --json');
  }
}

function isProfile(name: string): name is WireProfileName {
  return Object.hasOwn(WIRE_PROFILES, name);
}

function printMessage(message: DescribedMessage, profile: string, explain: boolean, output: Output): void {
  const { mti, version, kind, cainMessage, elements, fault, hidden } = message;
  if (mti !== undefined) output.print(`${mti}  ${kind}; ISO 8583:${version}, profile ${profile}`);
  if (mti !== undefined && explain)
    output.print(
      `      ${cainMessage === undefined ? 'not posted: no ISO 20022 message' : `becomes ${cainMessage}`}`,
    );
  if (hidden !== undefined) output.print(hidden);
  for (const element of elements) for (const line of linesOf(element, explain)) output.print(line);
  if (fault === undefined) return;
  const { code, part, name, byteOffset, byteOfPart, explanation } = fault;
  const where = part.startsWith('DE')
    ? `${part}${name === undefined ? '' : ` (${name})`}, byte ${byteOfPart} of the element, byte ${byteOffset} of the message`
    : `${part}, byte ${byteOffset} of the message`;
  output.print(`broken at ${where}, counted from 0: ${code}, ${explanation}`);
}

function linesOf(element: DescribedElement, explain: boolean): readonly string[] {
  const { number, name, shown, meaning, pci, cain } = element;
  const label = `DE${number}`.padEnd(NUMBER_WIDTH);
  if (!explain) return [`${label} ${shown}`];
  const indent = ' '.repeat(NUMBER_WIDTH + 1);
  return [
    `${label} ${name}: ${shown}`,
    ...meaning.map((part) => `${indent}${part}`),
    `${indent}${PCI_CLASSES[pci]}`,
    `${indent}ISO 20022: ${cain.length === 0 ? 'not carried' : cain.join(', ')}`,
  ];
}
