export {
  type Amount,
  AmountFormatError,
  add,
  CurrencyMismatchError,
  fromDecimalText,
  fromWire,
  subtract,
  toDecimalText,
  toWire,
  type WireMoney,
} from './amount.ts';
export { type Currency, currencyByNumber, currencyOf, UnknownCurrencyError } from './currency.ts';
export { DomainError } from './domain-error.ts';
export { entryIdOf, identifierOf, recordKeyOf, sequenceIdOf } from './identifier.ts';
export {
  type ConversionRate,
  convert,
  rateFromWire,
  rateToText,
  rateToWire,
  share,
  type WireRate,
} from './rate.ts';
export { divideRounded, type Rounding } from './rounding.ts';
