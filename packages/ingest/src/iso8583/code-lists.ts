import type { Iso8583Version } from './versions.ts';

/** What a code means, in a few words. A code that a list lacks is no error: networks have codes of their own. */
export type CodeList = Readonly<Record<string, string>>;

/** DE3, first two positions. */
export const TRANSACTION_TYPES: CodeList = {
  '00': 'goods and services',
  '01': 'cash',
  '02': 'adjustment, debit',
  '09': 'goods and services with cashback',
  '17': 'cash advance',
  '20': 'return of goods, refund',
  '21': 'deposit',
  '22': 'adjustment, credit',
  '26': 'credit to the cardholder, original credit',
  '28': 'prepaid load, credit to the cardholder',
  '30': 'available funds inquiry',
  '31': 'balance inquiry',
  '33': 'account verification',
  '40': 'transfer between accounts',
  '50': 'payment',
};

/** DE3, positions 3 to 4 (from) and 5 to 6 (to); DE54, first two positions. */
export const ACCOUNT_TYPES: CodeList = {
  '00': 'default account',
  '10': 'savings account',
  '20': 'current account',
  '30': 'credit account',
  '40': 'universal account',
  '50': 'investment account',
};

/** DE54, third and fourth position. */
export const AMOUNT_TYPES: CodeList = {
  '01': 'ledger balance',
  '02': 'available balance',
  '03': 'amount owing',
  '04': 'amount due',
  '20': 'amount remaining this cycle',
  '40': 'cashback',
  '41': 'goods and services',
  '42': 'surcharge',
  '43': 'gratuity',
  '57': 'original amount of a partial approval',
};

/** DE22 of 1987, first two positions: how the card was read. */
export const ENTRY_MODES: CodeList = {
  '00': 'unspecified',
  '01': 'keyed in',
  '02': 'magnetic stripe',
  '03': 'optical code',
  '05': 'chip',
  '07': 'contactless chip',
  '10': 'card on file',
  '80': 'magnetic stripe after the chip failed',
  '81': 'electronic commerce',
  '90': 'magnetic stripe, whole track',
  '91': 'contactless magnetic stripe',
  '95': 'chip, verification value unreliable',
};

/** DE22 of 1987, third position: whether a PIN can be entered. */
export const PIN_CAPABILITIES: CodeList = {
  '0': 'PIN capability unspecified',
  '1': 'PIN can be entered',
  '2': 'no PIN can be entered',
  '8': 'PIN pad out of order',
};

/** DE25 of 1987. */
export const CONDITIONS: CodeList = {
  '00': 'normal presentment',
  '01': 'cardholder not present',
  '02': 'unattended terminal',
  '03': 'merchant suspicious',
  '05': 'card not present',
  '06': 'preauthorization',
  '08': 'mail or telephone order',
  '51': 'account verification, no amount',
  '59': 'electronic commerce',
  '71': 'card present, stripe unreadable',
};

/** DE24 of 1993 and 2003. */
export const FUNCTION_CODES: CodeList = {
  '100': 'original authorization, amount accurate',
  '101': 'original authorization, amount estimated',
  '102': 'replacement authorization, amount accurate',
  '103': 'replacement authorization, amount estimated',
  '106': 'supplementary authorization, amount accurate',
  '107': 'supplementary authorization, amount estimated',
  '108': 'inquiry',
  '200': 'original financial request or advice',
  '201': 'previously approved authorization, same amount',
  '202': 'previously approved authorization, other amount',
  '400': 'full reversal, the transaction did not complete',
  '401': 'partial reversal, the transaction did not complete for the full amount',
};

const RESPONSES_1987: CodeList = {
  '00': 'approved',
  '01': 'refer to the issuer',
  '03': 'invalid merchant',
  '04': 'capture the card',
  '05': 'do not honour',
  '08': 'approved with identification',
  '10': 'approved for a part of the amount',
  '11': 'approved, VIP',
  '12': 'invalid transaction',
  '13': 'invalid amount',
  '14': 'invalid card number',
  '17': 'cancelled by the customer',
  '21': 'no action taken',
  '30': 'format error',
  '41': 'lost card',
  '43': 'stolen card',
  '51': 'not sufficient funds',
  '54': 'expired card',
  '55': 'wrong PIN',
  '57': 'transaction not permitted to the cardholder',
  '58': 'transaction not permitted to the terminal',
  '59': 'suspected fraud',
  '61': 'exceeds the withdrawal limit',
  '62': 'restricted card',
  '65': 'exceeds the number of withdrawals',
  '68': 'response received too late',
  '75': 'too many wrong PINs',
  '85': 'no reason to decline: account verification',
  '91': 'issuer unavailable',
  '94': 'duplicate transmission',
  '96': 'system malfunction',
};

const ACTIONS_1993: CodeList = {
  '000': 'approved',
  '001': 'approved with identification',
  '002': 'approved for a part of the amount',
  '003': 'approved, VIP',
  '085': 'no reason to decline: account verification',
  '100': 'do not honour',
  '101': 'expired card',
  '102': 'suspected fraud',
  '107': 'refer to the issuer',
  '110': 'invalid amount',
  '111': 'invalid card number',
  '116': 'not sufficient funds',
  '117': 'wrong PIN',
  '119': 'transaction not permitted to the cardholder',
  '121': 'exceeds the withdrawal limit',
  '200': 'capture the card, do not honour',
  '208': 'capture the card, lost',
  '209': 'capture the card, stolen',
  '400': 'reversal accepted',
  '907': 'issuer unavailable',
  '909': 'system malfunction',
  '913': 'duplicate transmission',
};

/** DE39 by version. An action code of 2003 is that of 1993 with a zero on its left. */
export const RESPONSES: Readonly<Record<Iso8583Version, CodeList>> = {
  '1987': RESPONSES_1987,
  '1993': ACTIONS_1993,
  '2003': Object.fromEntries(Object.entries(ACTIONS_1993).map(([code, meaning]) => [`0${code}`, meaning])),
};

/** MTI, second position. */
export const MESSAGE_CLASSES: CodeList = {
  '1': 'authorization',
  '2': 'financial',
  '3': 'file action',
  '4': 'reversal',
  '5': 'reconciliation',
  '6': 'administrative',
  '7': 'fee collection',
  '8': 'network management',
};

/** MTI, third position. */
export const MESSAGE_FUNCTIONS: CodeList = {
  '0': 'request',
  '1': 'request response',
  '2': 'advice',
  '3': 'advice response',
  '4': 'notification',
  '5': 'notification acknowledgement',
  '6': 'instruction',
  '7': 'instruction acknowledgement',
};

/** MTI, fourth position. */
export const MESSAGE_ORIGINS: CodeList = {
  '0': 'acquirer',
  '1': 'acquirer, repeated',
  '2': 'issuer',
  '3': 'issuer, repeated',
  '4': 'other',
  '5': 'other, repeated',
};

/** The ISO 20022 message of a class, and its root: cain.001, 003 and 005 of version 05. */
export const CAIN_MESSAGES: Readonly<Record<string, { readonly message: string; readonly root: string }>> = {
  '1': { message: 'cain.001.001.05', root: 'AuthstnInitn' },
  '2': { message: 'cain.003.001.05', root: 'FinInitn' },
  '4': { message: 'cain.005.001.05', root: 'RvslInitn' },
};
