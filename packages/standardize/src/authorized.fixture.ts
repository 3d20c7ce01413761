import type { Authorization, TransactionAuthorizedRecord } from '@payments/schemas';

/** A domestic purchase by chip at a terminal; tests say only what differs. */
const PURCHASE: Authorization = {
  mti: '0100',
  messageClass: 'AUTHORIZATION',
  messageFunction: 'REQUEST',
  repeat: false,
  processingCode: '000000',
  amounts: { transaction: { minorUnits: '2599', currency: 'GBP' } },
  transmittedAt: '2026-11-15T10:15:00Z',
  stan: '100001',
  acquirerId: '412345',
  responseCode: '00',
  standIn: false,
  merchant: {
    name: 'CORNER FOODS',
    categoryCode: '5411',
    id: 'MERCH00000001',
    city: 'LONDON',
    country: 'GB',
  },
  localDate: '2026-11-15',
  localTime: '10:15:00',
  acquirerCountry: '826',
  posEntryMode: '051',
  posConditionCode: '00',
  forwarderId: '400001',
  retrievalReference: '631910100001',
  approvalCode: 'A10001',
  terminalId: 'TERM0001',
  nameAndLocation: 'CORNER FOODS             LONDON       GB',
};

/** An authorized record: the domestic purchase, with what differs. */
export function authorized(
  authorization: Partial<Authorization> = {},
  record: Partial<TransactionAuthorizedRecord> = {},
): TransactionAuthorizedRecord {
  return {
    transactionId: '3f1a2b3c-0000-5000-8000-00000000abcd',
    idempotencyKey: '3f1a2b3c-0000-5000-8000-00000000dcba',
    scheme: 'VISA',
    loggedAt: '2026-11-15T10:15:01Z',
    dedupKey: 'a'.repeat(64),
    card: { token: '9208948425451111', lastFour: '1111', scheme: 'VISA', sequenceNumber: '001' },
    authorization: { ...PURCHASE, ...authorization },
    ...record,
  };
}

/** The same without some elements. */
export function authorizedWithout(
  ...elements: readonly (keyof Authorization)[]
): TransactionAuthorizedRecord {
  const record = authorized();
  const rest = Object.entries(record.authorization).filter(
    ([element]) => !(elements as readonly string[]).includes(element),
  );
  return { ...record, authorization: Object.fromEntries(rest) as unknown as Authorization };
}
