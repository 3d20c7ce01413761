import { isPanFree, passesLuhn, type TransactionAuthorizedRecord } from '@payments/schemas';
import fc from 'fast-check';

const digits = (minLength: number, maxLength = minLength) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });
const printable = (minLength: number, maxLength: number) =>
  fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength,
    maxLength,
  });
const text = (maxLength = 140) =>
  fc
    .string({
      unit: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...'0123456789 -') },
        { weight: 1, arbitrary: fc.constantFrom(...'AZaz\\é€') },
      ),
      minLength: 1,
      maxLength,
    })
    .filter((value) => value.trim() !== '' && isPanFree(value));
const money = fc.record({
  minorUnits: fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }).map(String),
  currency: fc.constantFrom('GBP', 'USD', 'JPY', 'KWD', 'CLF'),
});
const rate = fc.record({
  digits: fc.bigInt({ min: 1n, max: 10n ** 12n - 1n }).map(String),
  scale: fc.nat(17),
});
const instant = fc
  .date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2039-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const date = instant.map((value) => value.slice(0, 10));
const direction = fc.constantFrom('DEBIT' as const, 'CREDIT' as const);
const country = fc.constantFrom('GB', 'US', 'JP', 'KW');
const identifier = fc.uuid({ version: 5 });

const original = fc.record(
  {
    mti: fc.constantFrom('0100', '0120', '0200', '1220'),
    stan: digits(6, 12),
    transmittedAt: instant,
    acquirerId: digits(1, 11),
    forwarderId: digits(1, 11),
    localDate: date,
    localTime: instant.map((value) => value.slice(11, 19)),
  },
  { requiredKeys: ['mti', 'stan'] },
);

const optional = fc.record(
  {
    rates: fc.record({ settlement: rate, billing: rate }, { requiredKeys: [] }),
    localDate: date,
    localTime: instant.map((value) => value.slice(11, 19)),
    settlementDate: date,
    conversionDate: date,
    captureDate: date,
    acquirerCountry: digits(3),
    panCountry: digits(3),
    posEntryMode: fc.oneof(
      digits(3, 12),
      fc.string({ unit: fc.constantFrom(...'0257ACMSZ'), minLength: 12, maxLength: 12 }),
    ),
    incremental: fc.boolean(),
    receiverId: digits(1, 11),
    description: text(),
    pinLengthCapability: digits(1, 2),
    posConditionCode: digits(2),
    forwarderId: digits(1, 11),
    retrievalReference: printable(12, 12),
    approvalCode: digits(6),
    terminalId: printable(1, 16),
    nameAndLocation: text(),
    networkTransactionId: printable(1, 36),
    additionalAmounts: fc.array(
      fc.record({ type: digits(2), direction, amount: money, accountType: digits(2) }),
      {
        maxLength: 6,
      },
    ),
    fees: fc.array(
      fc.record({ type: fc.constantFrom('08', '28', '29', '30', '31'), direction, amount: money }),
      {
        maxLength: 5,
      },
    ),
    replacement: fc.record({ transaction: money, settlement: money }, { requiredKeys: ['transaction'] }),
  },
  { requiredKeys: [] },
);

const authorization = fc
  .record({
    required: fc.record({
      mti: fc.constantFrom('0100', '0101', '0120', '0200', '0220', '0400', '0420', '1100', '2200'),
      messageClass: fc.constantFrom('AUTHORIZATION' as const, 'FINANCIAL' as const, 'REVERSAL' as const),
      messageFunction: fc.constantFrom('REQUEST' as const, 'ADVICE' as const, 'NOTIFICATION' as const),
      repeat: fc.boolean(),
      processingCode: digits(6),
      amounts: fc.record(
        { transaction: money, requested: money, settlement: money, billing: money },
        { requiredKeys: ['transaction'] },
      ),
      transmittedAt: instant,
      stan: digits(6, 12),
      acquirerId: digits(1, 11),
      responseCode: fc.constantFrom('00', '10', '85', '0A', '000', '100', '0000'),
      standIn: fc.boolean(),
      merchant: fc.record(
        { name: text(), categoryCode: digits(4), id: printable(1, 15), city: text(), country },
        { requiredKeys: ['name', 'categoryCode', 'id'] },
      ),
      original,
    }),
    optional,
  })
  .map(({ required, optional: rest }) => ({ ...required, ...rest }));

/** Any record that the contract takes as authorized and that has what its message needs. */
export const anyAuthorized: fc.Arbitrary<TransactionAuthorizedRecord> = fc.record({
  transactionId: identifier,
  idempotencyKey: identifier,
  scheme: fc.constantFrom('VISA', 'MASTERCARD', 'DISCOVER', 'A'.repeat(20)),
  loggedAt: instant,
  dedupKey: fc.constant('0'.repeat(64)),
  card: fc.record(
    {
      token: digits(11, 18)
        .map((rest) => `9${rest}`)
        .filter((token) => !passesLuhn(token)),
      lastFour: digits(4),
      scheme: fc.constantFrom('VISA', 'MASTERCARD'),
      sequenceNumber: digits(3),
    },
    { requiredKeys: ['token', 'lastFour', 'scheme'] },
  ),
  authorization,
});
