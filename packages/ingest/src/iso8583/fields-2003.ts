import { type FieldRow, fieldTableOf } from './field-table.ts';
import { ROWS_1993 } from './fields-1993.ts';

/**
 * Where ISO 8583:2003 differs from 1993. The standard is sold, so its table was put together from what public
 * implementations of it agree on (docs/decisions/0013-iso8583-2003-and-1993.md says which, and what is unverified):
 *  - Amounts say their currency (3 digits) and its decimals (1) before their value (12), so DE49 to DE51 are free
 *    for other things: DE49 holds the card verification value.
 *  - DE43, DE44 and DE104 may be composites of datasets; here they are text or bytes as they came.
 */
const DIFFERENCES: readonly FieldRow[] = [
  [3, 'processing code', 'an', 'FIXED', 6],
  [4, 'amount, transaction', 'n', 'FIXED', 16],
  [5, 'amount, reconciliation', 'n', 'FIXED', 16],
  [6, 'amount, cardholder billing', 'n', 'FIXED', 16],
  [8, 'amount, cardholder billing fee', 'n', 'FIXED', 12],
  [9, 'conversion rate, reconciliation', 'n', 'FIXED', 8],
  [11, 'system trace audit number', 'n', 'FIXED', 12],
  [12, 'date and time, local transaction', 'n', 'FIXED', 14],
  [13, 'date, effective', 'n', 'FIXED', 6],
  [15, 'date, settlement', 'n', 'FIXED', 8],
  [18, 'message error indicator', 'ans', 'LLL', 140],
  [21, 'transaction life cycle identification data', 'ans', 'FIXED', 22],
  [22, 'point of service data code', 'b', 'FIXED', 16],
  [26, 'merchant category code', 'n', 'FIXED', 4],
  [27, 'point of service capability', 'b', 'FIXED', 27],
  [28, 'date, reconciliation', 'n', 'FIXED', 8],
  [30, 'amounts, original', 'n', 'FIXED', 32],
  [31, 'acquirer reference number', 'n', 'FIXED', 23],
  [34, 'electronic commerce data', 'b', 'LLLL', 9999],
  [38, 'approval code', 'an', 'FIXED', 6],
  [39, 'action code', 'n', 'FIXED', 4],
  [41, 'card acceptor terminal identification', 'ans', 'FIXED', 16],
  [42, 'card acceptor identification code', 'ans', 'LL', 35],
  [43, 'card acceptor name and location', 'ans', 'LLLL', 9999],
  [44, 'additional response data', 'ans', 'LLLL', 9999],
  [46, 'amounts, fees', 'ans', 'LLL', 216],
  [49, 'verification data', 'b', 'LLLL', 9999],
  [50, 'reserved, ISO', 'b', 'LLLL', 9999],
  [51, 'reserved, ISO', 'b', 'LLLL', 9999],
  [54, 'amounts, additional', 'ans', 'LLL', 126],
  [55, 'integrated circuit card data', 'b', 'LLLL', 9999],
  [56, 'original data elements', 'n', 'LL', 41],
  [60, 'reserved, national', 'ans', 'LLL', 999],
  [61, 'reserved, national', 'ans', 'LLL', 999],
  [64, 'message authentication code', 'b', 'FIXED', 4],
  [66, 'amounts, original fees', 'ans', 'LLL', 216],
  [68, 'batch or file transfer message control', 'ans', 'FIXED', 9],
  [69, 'batch or file transfer control data', 'ans', 'FIXED', 40],
  [70, 'file transfer description data', 'n', 'FIXED', 18],
  [71, 'reserved, ISO', 'b', 'LLLL', 9999],
  [72, 'data record', 'b', 'LLL', 999],
  [73, 'date, action', 'n', 'FIXED', 8],
  [97, 'amount, net reconciliation', 'an', 'FIXED', 21],
  [101, 'file name', 'ans', 'LL', 99],
  [104, 'transaction specific data', 'b', 'LLLL', 9999],
  [105, 'reserved, ISO', 'b', 'LLLL', 9999],
  [106, 'reserved, ISO', 'b', 'LLLL', 9999],
  [107, 'reserved, ISO', 'b', 'LLLL', 9999],
  [108, 'reserved, ISO', 'b', 'LLLL', 9999],
  [109, 'credits, fee amounts', 'ans', 'LLL', 144],
  [110, 'debits, fee amounts', 'ans', 'LLL', 144],
  [111, 'reserved, private', 'b', 'LLLL', 9999],
  [112, 'reserved, private', 'b', 'LLLL', 9999],
  [113, 'reserved, private', 'b', 'LLLL', 9999],
  [114, 'reserved, private', 'b', 'LLLL', 9999],
  [115, 'reserved, private', 'b', 'LLLL', 9999],
  [116, 'reserved, national', 'b', 'LLLL', 9999],
  [117, 'reserved, national', 'b', 'LLLL', 9999],
  [118, 'reserved, national', 'b', 'LLLL', 9999],
  [119, 'reserved, national', 'b', 'LLLL', 9999],
  [120, 'reserved, national', 'b', 'LLLL', 9999],
  [121, 'reserved, national', 'b', 'LLLL', 9999],
  [122, 'reserved, national', 'b', 'LLLL', 9999],
  [123, 'reserved, private', 'ans', 'LLL', 999],
  [124, 'reserved, private', 'b', 'LLLL', 9999],
  [125, 'reserved, private', 'b', 'LLLL', 9999],
  [126, 'reserved, private', 'b', 'LLLL', 9999],
  [127, 'reserved, private', 'b', 'LLLL', 9999],
  [128, 'message authentication code', 'b', 'FIXED', 4],
];

/**
 * Reconciliation totals, DE74 to DE90, stand in composites whose parts are not told apart: a message that has
 * them settles accounts between institutions and is refused by its class before anything reads them.
 */
const RECONCILIATION_TOTALS = new Set(Array.from({ length: 17 }, (_, index) => 74 + index));

/** ISO 8583:2003; a later row of the same number takes the place of the earlier one. */
export const FIELDS_2003 = fieldTableOf(
  [...ROWS_1993, ...DIFFERENCES].filter(([number]) => !RECONCILIATION_TOTALS.has(number)),
);
