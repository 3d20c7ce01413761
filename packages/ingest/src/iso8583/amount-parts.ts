/** An amount as a message says it: minor units, and the currency by its number. */
export interface AmountParts {
  readonly digits: string;
  /** ISO 4217, numeric. */
  readonly currency: string;
  /** The decimals that the message counts; undefined where the currency alone says them. */
  readonly exponent: number | undefined;
}

/** An amount of 2003: currency, decimals of its minor unit, value. */
const AMOUNT_2003 = /^(\d{3})(\d)(\d{8}|\d{12})$/;

/** @returns undefined for a value of another form */
export function amountOf2003(value: string): AmountParts | undefined {
  const match = AMOUNT_2003.exec(value);
  if (match === null) return undefined;
  const [, currency = '', exponent = '', digits = ''] = match;
  return { digits, currency, exponent: Number(exponent) };
}

/** One amount of DE54. */
export interface AdditionalAmountParts {
  readonly accountType: string;
  readonly amountType: string;
  /** C or D. */
  readonly sign: string;
  readonly amount: AmountParts;
}

/** DE54 of 1987 and 1993: account type, amount type, currency, sign, twelve digits. */
const ADDITIONAL = { form: /^(\w{2})(\w{2})(\d{3})([CD])(\d{12})$/, length: 20 };
/** DE54 of 2003: account type, amount type, sign, then an amount of 2003. */
const ADDITIONAL_2003 = { form: /^(\w{2})(\w{2})([CD])(\d{16})$/, length: 21 };

/** The parts that DE54 repeats, as they stand in it. */
export function additionalAmountGroups(value: string, is2003: boolean): readonly string[] {
  const { length } = is2003 ? ADDITIONAL_2003 : ADDITIONAL;
  const groups: string[] = [];
  for (let start = 0; start < value.length; start += length) groups.push(value.slice(start, start + length));
  return groups;
}

/** @returns undefined for a part of another form */
export function additionalAmountOf(group: string, is2003: boolean): AdditionalAmountParts | undefined {
  const match = (is2003 ? ADDITIONAL_2003 : ADDITIONAL).form.exec(group);
  if (match === null) return undefined;
  const [, accountType = '', amountType = '', third = '', fourth = '', digits = ''] = match;
  if (!is2003)
    return {
      accountType,
      amountType,
      sign: fourth,
      amount: { digits, currency: third, exponent: undefined },
    };
  const amount = amountOf2003(fourth);
  return amount && { accountType, amountType, sign: third, amount };
}
