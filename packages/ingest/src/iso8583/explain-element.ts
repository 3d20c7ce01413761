import { currencyByNumber, UnknownCurrencyError } from '@payments/domain';
import {
  type AmountParts,
  additionalAmountGroups,
  additionalAmountOf,
  amountOf2003,
} from './amount-parts.ts';
import {
  ACCOUNT_TYPES,
  AMOUNT_TYPES,
  CONDITIONS,
  type CodeList,
  ENTRY_MODES,
  FUNCTION_CODES,
  PIN_CAPABILITIES,
  RESPONSES,
  TRANSACTION_TYPES,
} from './code-lists.ts';
import { elementNote, type ValueKind } from './element-notes.ts';
import { lifeCycleParts, originalParts } from './original-parts.ts';
import type { Iso8583Version } from './versions.ts';

/** What an explanation needs beside the value. */
interface Context {
  readonly version: Iso8583Version;
  readonly number: number;
  /** The other elements of the message: an amount of 1987 has its currency in another one. */
  readonly value: (number: number) => string | undefined;
}

type Explain = (value: string, context: Context) => readonly string[];

/** The element of the currency, by the element of the amount, in 1987 and 1993. */
const CURRENCY_ELEMENTS: Readonly<Record<number, number>> = {
  4: 49,
  5: 50,
  6: 51,
  8: 51,
  28: 49,
  29: 50,
  30: 49,
  31: 50,
};
const BALANCE_TYPE_BELOW = '40';
const SIGNS: CodeList = { C: 'credit', D: 'debit' };
/** DE43 of 1987: 25 characters of name, 13 of city, 2 of country. */
const CITY_START = 25;
const COUNTRY_START = 38;

const EXPLANATIONS: Readonly<Record<ValueKind, Explain>> = {
  TEXT: () => [],
  AMOUNT: (value, context) => [amount(amountParts(value, context))],
  SIGNED_FEE: (value, context) => {
    const match = /^([CD])(\d{8})$/.exec(value);
    if (match === null) return ['not C or D and 8 digits'];
    const [, sign = '', digits = ''] = match;
    return [`${SIGNS[sign]} of ${amount(amountParts(digits, context))}`];
  },
  ADDITIONAL_AMOUNTS: (value, { version }) =>
    additionalAmountGroups(value, version === '2003').map((group) => {
      const parts = additionalAmountOf(group, version === '2003');
      if (parts === undefined) return 'a part that is no additional amount';
      const { accountType, amountType, sign, amount: sum } = parts;
      const kept = amountType < BALANCE_TYPE_BELOW ? ', a balance or limit: not carried' : '';
      return `${coded(amountType, AMOUNT_TYPES)}, ${coded(accountType, ACCOUNT_TYPES)}, ${SIGNS[sign]}: ${amount(sum)}${kept}`;
    }),
  REPLACEMENT_AMOUNTS: (value, { value: other }) => {
    const match = /^(\d{12})(\d{12})([CD]\d{8})([CD]\d{8})$/.exec(value);
    if (match === null) return ['not two amounts and two fees'];
    const [, transaction = '', settlement = '', transactionFee = '', settlementFee = ''] = match;
    const settlementCurrency = other(50) ?? other(51);
    return [
      `transaction amount that stays: ${amount({ digits: transaction, currency: other(49), exponent: undefined })}`,
      `settlement amount that stays: ${amount({ digits: settlement, currency: settlementCurrency, exponent: undefined })}`,
      `transaction fee that stays: ${transactionFee}`,
      `settlement fee that stays: ${settlementFee}`,
    ];
  },
  ORIGINAL_AMOUNTS: (value, context) => {
    const half = value.length / 2;
    const of = (number: 4 | 5, part: string) => amount(amountParts(part, { ...context, number }));
    return [
      `original transaction amount: ${of(4, value.slice(0, half))}`,
      `original reconciliation amount: ${of(5, value.slice(half))}`,
    ];
  },
  PROCESSING_CODE: (value) => [
    `transaction type ${coded(value.slice(0, 2), TRANSACTION_TYPES)}`,
    `from ${coded(value.slice(2, 4), ACCOUNT_TYPES)}`,
    `to ${coded(value.slice(4), ACCOUNT_TYPES)}`,
  ],
  RATE: (value) => {
    const decimals = Number(value.charAt(0));
    const digits = value.slice(1).padStart(decimals + 1, '0');
    const whole = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
    return [/^\d0*$/.test(value) ? 'no conversion' : `rate ${whole.replace(/^0+(?=\d)/, '')}`];
  },
  TRANSMISSION_TIME: (value) => [`${date(value.slice(0, 4))} ${time(value.slice(4))} UTC, without its year`],
  LOCAL_TIME: (value) => {
    const day = value.slice(0, -6);
    return [
      day === '' ? `${time(value)} at the acceptor` : `${date(day)} ${time(value.slice(-6))} at the acceptor`,
    ];
  },
  DATE: (value) => [/^0*$/.test(value) ? 'no date' : date(value)],
  CURRENCY: (value) => [currency(value)],
  CATEGORY: () => ['merchant category code of ISO 18245'],
  ENTRY_MODE: (value, { version }) => {
    if (version !== '1987') return ['a position or bit for each capability of the terminal'];
    const pin = PIN_CAPABILITIES[value.charAt(2)] ?? 'PIN capability of the network';
    return [`card read: ${coded(value.slice(0, 2), ENTRY_MODES)}`, pin];
  },
  CONDITION: (value) => [coded(value, CONDITIONS)],
  FUNCTION: (value) => [coded(value, FUNCTION_CODES)],
  RESPONSE: (value, { version }) => [coded(value, RESPONSES[version])],
  NAME_AND_LOCATION: (value) => {
    const [name = '', , city, rest] = value.split('\\');
    if (city !== undefined && rest !== undefined)
      return [`name ${name.trim()}`, `city ${city.trim()}`, `country ${rest.trimEnd().slice(-3)}`];
    return [
      `name ${value.slice(0, CITY_START).trim()}`,
      `city ${value.slice(CITY_START, COUNTRY_START).trim()}`,
      `country ${value.slice(COUNTRY_START).trim()}`,
    ];
  },
  LIFE_CYCLE: (value) => {
    const parts = lifeCycleParts(value);
    if (parts === undefined) return ['no trace identifier'];
    const { support, traceId, sequenceNumber } = parts;
    return [`support ${support}`, `trace identifier ${traceId}`, `sequence number ${sequenceNumber}`];
  },
  ORIGINAL: (value, { version }) => {
    const parts = originalParts(version, value);
    if (parts === undefined) return ['not in the form of original data elements'];
    const { mti, stan, transmitted, local, acquirerId, forwarderId } = parts;
    const when =
      transmitted === undefined
        ? `local ${date(local?.slice(0, -6) ?? '')} ${time(local?.slice(-6) ?? '')}`
        : `transmitted ${date(transmitted.slice(0, 4))} ${time(transmitted.slice(4))} UTC`;
    return [
      `message ${mti}`,
      `trace number ${stan}`,
      when,
      `acquirer ${acquirerId ?? 'not said'}`,
      ...(version === '1987' ? [`forwarder ${forwarderId ?? 'not said'}`] : []),
    ];
  },
};

/**
 * What the value of an element means, part by part.
 *
 * @param value never of an element that must not be shown: a part repeats the value
 * @param other the other elements of the message by number
 */
export function explainValue(
  version: Iso8583Version,
  number: number,
  value: string,
  other: (number: number) => string | undefined,
): readonly string[] {
  return EXPLANATIONS[elementNote(version, number).kind](value, { version, number, value: other });
}

function amountParts(digits: string, { version, number, value }: Context) {
  if (version === '2003') return amountOf2003(digits) ?? { digits, currency: undefined, exponent: undefined };
  // A fee for the cardholder is in the currency of billing; where none is said, that is the one of the transaction.
  const currency = value(CURRENCY_ELEMENTS[number] ?? 49) ?? (number === 8 ? value(49) : undefined);
  return { digits, currency, exponent: undefined };
}

function amount(parts: Omit<AmountParts, 'currency'> & { readonly currency: string | undefined }): string {
  const { digits, currency: numeric, exponent: said } = parts;
  const known = numeric === undefined ? undefined : currencyOrUndefined(numeric);
  const exponent = said ?? known?.exponent;
  const code = known?.code ?? (numeric === undefined ? 'a currency that is not said' : `currency ${numeric}`);
  if (exponent === undefined) return `${BigInt(digits)} minor units of ${code}`;
  const padded = BigInt(digits)
    .toString()
    .padStart(exponent + 1, '0');
  const text = exponent === 0 ? padded : `${padded.slice(0, -exponent)}.${padded.slice(-exponent)}`;
  return `${text} ${code}, ${exponent} decimals`;
}

function currency(numeric: string): string {
  const known = currencyOrUndefined(numeric);
  return known === undefined ? 'no currency of ISO 4217' : `${known.code}, ${known.exponent} decimals`;
}

function currencyOrUndefined(numeric: string) {
  try {
    return currencyByNumber(numeric);
  } catch (error) {
    if (error instanceof UnknownCurrencyError) return undefined;
    throw error;
  }
}

function coded(code: string, list: CodeList): string {
  return `${code} ${list[code] ?? '(a code of the network)'}`;
}

/** `MMDD`, `YYMMDD` or `YYYYMMDD` with dashes. */
function date(digits: string): string {
  const year = digits.slice(0, -4);
  return `${year === '' ? '' : `${year}-`}${digits.slice(-4, -2)}-${digits.slice(-2)}`;
}

function time(digits: string): string {
  return `${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4)}`;
}
