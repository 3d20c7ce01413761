import { type FieldRow, fieldTableOf } from './field-table.ts';
import { ROWS_1987 } from './fields-1987.ts';

/** Where ISO 8583:1993 differs from 1987. */
const DIFFERENCES: readonly FieldRow[] = [
  [12, 'date and time, local transaction', 'n', 'FIXED', 12],
  [13, 'date, effective', 'n', 'FIXED', 4],
  [15, 'date, settlement', 'n', 'FIXED', 6],
  [22, 'point of service data code', 'an', 'FIXED', 12],
  [24, 'function code', 'n', 'FIXED', 3],
  [25, 'message reason code', 'n', 'FIXED', 4],
  [26, 'card acceptor business code', 'n', 'FIXED', 4],
  [28, 'date, reconciliation', 'n', 'FIXED', 6],
  [29, 'reconciliation indicator', 'n', 'FIXED', 3],
  [30, 'amounts, original', 'n', 'FIXED', 24],
  [31, 'acquirer reference data', 'ans', 'LL', 99],
  [39, 'action code', 'n', 'FIXED', 3],
  [40, 'service code', 'n', 'FIXED', 3],
  [43, 'card acceptor name and location', 'ans', 'LL', 99],
  [44, 'additional response data', 'ans', 'LL', 99],
  [46, 'amounts, fees', 'ans', 'LLL', 204],
  [53, 'security related control information', 'b', 'LL', 48],
  [56, 'original data elements', 'n', 'LL', 35],
  [57, 'authorization life cycle code', 'n', 'FIXED', 3],
  [58, 'authorizing agent institution identification code', 'n', 'LL', 11],
  [59, 'transport data', 'ans', 'LLL', 999],
  [65, 'reserved, ISO', 'b', 'FIXED', 8],
  [66, 'amounts, original fees', 'ans', 'LLL', 204],
  [71, 'message number', 'n', 'FIXED', 8],
  [72, 'data record', 'ans', 'LLL', 999],
  [82, 'inquiries, reversal number', 'n', 'FIXED', 10],
  [83, 'payments, number', 'n', 'FIXED', 10],
  [84, 'payments, reversal number', 'n', 'FIXED', 10],
  [85, 'fee collections, number', 'n', 'FIXED', 10],
  [90, 'fee collections, reversal number', 'n', 'FIXED', 10],
  [91, 'country code, transaction destination institution', 'n', 'FIXED', 3],
  [92, 'country code, transaction originator institution', 'n', 'FIXED', 3],
  [93, 'transaction destination institution identification code', 'n', 'LL', 11],
  [94, 'transaction originator institution identification code', 'n', 'LL', 11],
  [95, 'card issuer reference data', 'ans', 'LL', 99],
  [96, 'key management data', 'b', 'LLL', 999],
  [105, 'credits, chargeback amount', 'n', 'FIXED', 16],
  [106, 'debits, chargeback amount', 'n', 'FIXED', 16],
  [107, 'credits, chargeback number', 'n', 'FIXED', 10],
  [108, 'debits, chargeback number', 'n', 'FIXED', 10],
  [109, 'credits, fee amounts', 'ans', 'LL', 84],
  [110, 'debits, fee amounts', 'ans', 'LL', 84],
];

/** The rows of 1993; a later one of the same number takes the place of the earlier one. */
export const ROWS_1993: readonly FieldRow[] = [...ROWS_1987, ...DIFFERENCES];

export const FIELDS_1993 = fieldTableOf(ROWS_1993);
