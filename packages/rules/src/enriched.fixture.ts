import type { Account, Card, Merchant, Transaction, TransactionEnrichedRecord } from '@payments/schemas';

/** What differs from the domestic purchase. */
interface Differences {
  readonly outcome?: TransactionEnrichedRecord['outcome'];
  readonly transaction?: Partial<Transaction>;
  readonly card?: Partial<Card>;
  readonly merchant?: Partial<Merchant>;
  readonly account?: Partial<Account>;
  /** Members that the record does not have. */
  readonly without?: readonly ('account' | 'product')[];
}

const money = { minorUnits: '2599', currency: 'GBP' };

/** An enriched record that every rule lets pass: a domestic purchase, with what differs. */
export function enriched(differences: Differences = {}): TransactionEnrichedRecord {
  const record: TransactionEnrichedRecord = {
    transactionId: '3f1a2b3c-0000-5000-8000-00000000abcd',
    idempotencyKey: '3f1a2b3c-0000-5000-8000-00000000dcba',
    scheme: 'VISA',
    loggedAt: '2026-11-15T10:15:01Z',
    lifecycleId: 'VISA.412345.631910100001.9208948425451111',
    outcome: differences.outcome ?? 'COMPLETE',
    document: {
      AuthstnInitn: {
        Hdr: {
          MsgFctn: 'NOTI',
          PrtcolVrsn: '1.0',
          XchgId: '3f1a2b3c00005000800000000000abcd',
          CreDtTm: '2026-11-15T10:15:01Z',
          InitgPtyId: '412345',
        },
        TxChrtcs: { TxTp: '00' },
        Acqrr: { Id: '412345' },
        Card: { PAN: '9208948425451111', Schme: 'VISA' },
        TxId: { TrnsmssnDtTm: '2026-11-15T10:15:00Z', SysTracAudtNb: '100001' },
        TxAmts: { AmtQlfr: 'ACTL', Amt: '25.99', Ccy: '826' },
        PrcgRslt: { RspnSrcTp: 'CISS', RspnCd: '00' },
      },
    },
    transaction: {
      kind: 'PURCHASE',
      direction: 'DEBIT',
      amount: money,
      billed: money,
      responseCode: '00',
      standIn: false,
      transmittedAt: '2026-11-15T10:15:00Z',
      bookingDate: '2026-11-15',
      valueDate: '2026-11-15',
      ...differences.transaction,
    },
    card: {
      token: '9208948425451111',
      lastFour: '1111',
      scheme: 'VISA',
      issuingCountry: 'GB',
      status: 'ACTIVE',
      ...differences.card,
    },
    merchant: {
      name: 'CORNER FOODS',
      categoryCode: '5411',
      country: 'GB',
      category: 'Grocery Stores, Supermarkets',
      risk: 'STANDARD',
      ...differences.merchant,
    },
    description: 'CARD PURCHASE CORNER FOODS LONDON GB',
    referenceVersion: '2026-11-15.1',
    account: {
      accountId: 'ACC-0001',
      currency: 'GBP',
      status: 'ACTIVE',
      branch: 'LON01',
      sortCode: '40-12-07',
      holder: 'Alex Morgan',
      productCode: 'CURRENT_STANDARD',
      ...differences.account,
    },
    product: {
      code: 'CURRENT_STANDARD',
      name: 'Current account',
      postingMode: 'POST_AT_AUTH',
      fxMarkupBasisPoints: 299,
      cashFeeBasisPoints: 300,
      cashFeeMinimum: { minorUnits: '300', currency: 'GBP' },
      taxBasisPoints: 2000,
      taxableFees: ['FX_FEE'],
      rounding: 'HALF_EVEN',
    },
  };
  for (const member of differences.without ?? []) delete record[member];
  return record;
}

/** The same with a card of which nobody knows where it was issued. */
export function withoutIssuingCountry(): TransactionEnrichedRecord {
  const record = enriched();
  delete record.card.issuingCountry;
  return record;
}
