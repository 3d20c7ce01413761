import { letterReferenceOf } from '@payments/iso20022';
import type { Finding } from '@payments/reconcile/break';
import type { TransactionSides } from '@payments/reconcile/transaction-sides';
import { purchaseEntries } from './reconcile-cloud.fixture.ts';

/** What a customer's bank says of a purchase: this account and not the suspense account, and a line of somebody else. */
export function bankStatement(sequenceId: string, date: string, amount: string): string {
  return `<?xml version="1.0"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>1</Id>
<Acct><Id><Othr><Id>ACC-0001</Id></Othr></Id><Ccy>GBP</Ccy></Acct>
<Ntry><NtryRef>${letterReferenceOf(sequenceId)}/1-2</NtryRef><Amt Ccy="GBP">${amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd>
<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${date}</Dt></BookgDt><ValDt><Dt>${date}</Dt></ValDt></Ntry>
<Ntry><NtryRef>SALARY</NtryRef><Amt Ccy="GBP">1000</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${date}</Dt></BookgDt><ValDt><Dt>${date}</Dt></ValDt></Ntry>
</Stmt></BkToCstmrStmt></Document>`;
}

/** What reconciliation knows of the purchase of 25.99 GBP that such a statement is about. */
export function postedPurchase(
  { transactionId, scheme, loggedAt, lifecycleId, sequenceId = '' }: Finding,
  date: string,
): TransactionSides {
  const currencies = [{ currency: 'GBP', debits: '2599', credits: '2599' }];
  return {
    transactionId,
    scheme,
    loggedAt,
    lifecycleId,
    posted: {
      sequenceId,
      controlTotals: { count: 2, currencies, hashTotal: '1' },
      bookingDate: date,
      valueDate: date,
      entries: purchaseEntries('2599'),
      saidAt: loggedAt,
    },
  };
}
