/* Generated from the schemas beside this package. Do not edit: run `generate`. */

/**
 * Free text in one line. A run of 13 to 19 digits that passes Luhn is refused: it looks like a card number.
 */
export type Text = string;
/**
 * ISO 3166-1 alpha-2.
 */
export type Country = string;
/**
 * A moment in UTC, RFC 3339 with Z.
 */
export type Instant = string;
/**
 * A calendar date, RFC 3339.
 */
export type CalendarDate = string;
/**
 * The network or platform that a transaction came through.
 */
export type Scheme = string;
/**
 * A UUID in lower case; ours are version 5, made from what they name, so doing a thing twice names it once.
 */
export type Identifier = string;
/**
 * An account id in which {scheme} and {currency} stand for those of the entry.
 */
export type PostingAccountPattern = string;

/**
 * A customer account as the bank keeps it.
 */
export interface Account {
  /**
   * The bank's key of the account.
   */
  accountId: string;
  currency: string;
  status: 'ACTIVE' | 'HOLD' | 'BLOCKED' | 'CLOSED';
  /**
   * Branch code.
   */
  branch: string;
  sortCode: string;
  holder: Text;
  productCode: string;
  /**
   * Account number within the sort code.
   */
  number?: string;
  /**
   * ISO 13616, without blanks, its check digits right.
   */
  iban?: string;
  country?: Country;
}
/**
 * An authorization request and its response, merged, as read from ISO 8583; no cardholder data.
 */
export interface Authorization {
  /**
   * Message type of the request, as received.
   */
  mti: string;
  messageClass: 'AUTHORIZATION' | 'FINANCIAL' | 'REVERSAL';
  messageFunction: 'REQUEST' | 'ADVICE' | 'NOTIFICATION';
  repeat: boolean;
  /**
   * DE3.
   */
  processingCode: string;
  amounts: {
    transaction: Money;
    requested?: Money;
    settlement?: Money;
    billing?: Money;
  };
  transmittedAt: Instant;
  /**
   * DE11.
   */
  stan: string;
  /**
   * DE32.
   */
  acquirerId: string;
  /**
   * DE39.
   */
  responseCode: string;
  standIn: boolean;
  merchant: Merchant;
  rates?: {
    settlement?: Rate;
    billing?: Rate;
  };
  localDate?: CalendarDate;
  localTime?: string;
  settlementDate?: CalendarDate;
  conversionDate?: CalendarDate;
  captureDate?: CalendarDate;
  /**
   * DE19, ISO 3166 numeric.
   */
  acquirerCountry?: string;
  /**
   * DE20.
   */
  panCountry?: string;
  /**
   * DE22.
   */
  posEntryMode?: string;
  /**
   * DE25.
   */
  posConditionCode?: string;
  /**
   * DE33.
   */
  forwarderId?: string;
  /**
   * DE37.
   */
  retrievalReference?: string;
  /**
   * DE38.
   */
  approvalCode?: string;
  /**
   * DE41, trimmed.
   */
  terminalId?: string;
  nameAndLocation?: Text;
  /**
   * The network's own id of the life cycle.
   */
  networkTransactionId?: string;
  /**
   * DE54 without balances.
   *
   * @maxItems 6
   */
  additionalAmounts?: {
    /**
     * ISO 8583 amount type: 40 cashback, 57 original amount.
     */
    type: string;
    direction: 'DEBIT' | 'CREDIT';
    amount: Money;
    accountType?: string;
  }[];
  /**
   * DE8 and DE28 to DE31.
   *
   * @maxItems 5
   */
  fees?: {
    /**
     * The data element that said it: 08 billing fee, 28 transaction fee, 29 settlement fee, 30 processing fee, 31.
     */
    type: string;
    direction: 'DEBIT' | 'CREDIT';
    amount: Money;
  }[];
  /**
   * DE90, or DE56 since 1993, which gives local time and no transmission time.
   */
  original?: {
    mti: string;
    stan: string;
    transmittedAt?: Instant;
    acquirerId?: string;
    forwarderId?: string;
    localDate?: CalendarDate;
    localTime?: string;
  };
  /**
   * DE95: the amounts that stay after a partial reversal.
   */
  replacement?: {
    transaction: Money;
    settlement?: Money;
  };
  /**
   * The network says that it adds to an earlier authorization of the same life cycle.
   */
  incremental?: boolean;
  /**
   * DE100.
   */
  receiverId?: string;
  description?: Text;
  /**
   * DE26.
   */
  pinLengthCapability?: string;
}
/**
 * An amount as minor units of its currency, never negative: direction is a field of its own.
 */
export interface Money {
  /**
   * Minor units as a decimal string, so that no reader makes a float of it.
   */
  minorUnits: string;
  /**
   * ISO 4217 alphabetic code.
   */
  currency: string;
}
/**
 * The card acceptor.
 */
export interface Merchant {
  name: Text;
  /**
   * ISO 18245 merchant category code.
   */
  categoryCode: string;
  /**
   * ISO 8583 DE42, trimmed.
   */
  id?: string;
  city?: Text;
  country?: Country;
  category?: Text;
  /**
   * WARNING for categories that the bank watches.
   */
  risk?: 'STANDARD' | 'WARNING';
}
/**
 * A conversion rate as an exact decimal: digits divided by ten to the power of scale.
 */
export interface Rate {
  digits: string;
  scale: number;
}
/**
 * The building blocks of cain.001, cain.003 and cain.005 version 05 that we carry, under their ISO 20022 element names.
 */
export interface CainBody {
  Hdr: {
    MsgFctn: 'NOTI' | 'ADVC' | 'CAAD' | 'CANO';
    PrtcolVrsn: string;
    XchgId: string;
    CreDtTm: Instant;
    InitgPtyId: string;
    ReTrnsmssnCntr?: string;
  };
  TxChrtcs: {
    TxTp: string;
    TxDesc?: Text;
    /**
     * An incremental authorization.
     *
     * @minItems 1
     * @maxItems 1
     */
    TxAttr?: 'INCR'[];
  };
  Acqrr: {
    Id: string;
    Ctry?: string;
  };
  Card: {
    /**
     * A surrogate, never the number.
     */
    PAN: string;
    Schme: Scheme;
    CardSeqNb?: string;
    Ctry?: string;
  };
  TxId: {
    TrnsmssnDtTm: Instant;
    SysTracAudtNb: string;
    LclDt?: CalendarDate;
    LclTm?: string;
    RtrvlRefNb?: string;
    LifeCyclSpprt?: 'AUTH';
    LifeCyclId?: string;
  };
  TxAmts: {
    AmtQlfr: 'ACTL' | 'ESTM';
    /**
     * ImpliedCurrencyAndAmount: decimal text.
     */
    Amt: string;
    Ccy: string;
    /**
     * ImpliedCurrencyAndAmount: decimal text.
     */
    CrdhldrBllgAmt?: string;
    CrdhldrBllgCcy?: string;
    CrdhldrBllgFctvXchgRate?: string;
    /**
     * ImpliedCurrencyAndAmount: decimal text.
     */
    RcncltnAmt?: string;
    RcncltnCcy?: string;
    RcncltnFctvXchgRate?: string;
  };
  PrcgRslt: {
    RspnSrcTp: 'CISS' | 'CISP';
    RspnCd?: string;
    ActnCd?: string;
    ApprvlCd?: string;
  };
  Sndr?: {
    Id: string;
  };
  AcctFr?: {
    Tp: string;
  };
  AcctTo?: {
    Tp: string;
  };
  ConvsDtTm?: {
    Dt: CalendarDate;
  };
  SttlmSvc?: {
    Dt: CalendarDate;
  };
  AddtlAmt?: {
    Tp: string;
    /**
     * ImpliedCurrencyAndAmount: decimal text.
     */
    Amt: string;
    Ccy: string;
    CdtDbt: 'CRDT' | 'DBIT';
    AcctTp?: string;
  }[];
  AddtlFee?: {
    Tp: string;
    CdtDbt: 'CRDT' | 'DBIT';
    /**
     * ImpliedCurrencyAndAmount: decimal text.
     */
    Amt: string;
    Ccy: string;
    /**
     * Who takes the fee.
     */
    Assgnr?: 'ACQR' | 'ACQP' | 'CISS' | 'CISP' | 'AGNT' | 'ACCP';
  }[];
  OrgnlDataElmts?: {
    MsgClss: 'AUTH' | 'FINL';
    MsgFctn: 'REQU' | 'ADVC' | 'NOTI' | 'CAAD' | 'CANO';
    TxId: {
      TrnsmssnDtTm?: Instant;
      SysTracAudtNb: string;
      RtrvlRefNb?: string;
      LclDt?: CalendarDate;
      LclTm?: string;
      LifeCyclId?: string;
    };
    AcqrrId?: string;
    SndrId?: string;
    TxAmts?: {
      /**
       * ImpliedCurrencyAndAmount: decimal text.
       */
      Amt: string;
      Ccy: string;
      /**
       * ImpliedCurrencyAndAmount: decimal text.
       */
      CrdhldrBllgAmt?: string;
      CrdhldrBllgCcy?: string;
      /**
       * ImpliedCurrencyAndAmount: decimal text.
       */
      RcncltnAmt?: string;
      RcncltnCcy?: string;
    };
  };
  Accptr?: {
    Id: string;
    NmAndLctn: Text;
    Adr?: {
      TwnNm?: Text;
      Ctry?: string;
    };
  };
  Termnl?: {
    Id?: string;
    Tp?: 'POST' | 'ATMT';
    PINLngthCpblty?: string;
  };
  Cntxt?: {
    CardDataNtryMd: string;
    MrchntCtgyCd: string;
    POSCondCd?: string;
    CaptrDt?: CalendarDate;
    ICCFllbck?: boolean;
    EComrc?: boolean;
  };
  Rcvr?: {
    Id: string;
  };
}
/**
 * One ISO 20022 card message as JSON: its root element and what is in it.
 */
export interface CainDocument {
  AuthstnInitn?: CainBody;
  FinInitn?: CainBody;
  RvslInitn?: CainBody;
}
/**
 * A card, without its number: the token stands for it.
 */
export interface Card {
  /**
   * Numeric surrogate: same length as the number, starts with 9, keeps the last four, fails Luhn.
   */
  token: string;
  lastFour: string;
  scheme: Scheme;
  /**
   * ISO 8583 DE23.
   */
  sequenceNumber?: string;
  issuingCountry?: Country;
  status?: 'ACTIVE' | 'BLOCKED' | 'EXPIRED' | 'UNKNOWN';
}
/**
 * What a sequence adds up to.
 */
export interface ControlTotals {
  count: number;
  /**
   * @minItems 1
   */
  currencies: {
    currency: string;
    debits: string;
    credits: string;
  }[];
  /**
   * Sum of the digits-only part of each account id, modulo 10^12.
   */
  hashTotal: string;
}
/**
 * What is true of an event as a whole. A rule may filter on it in any delivery mode.
 */
export interface Metadata {
  eventId: Identifier;
  schemaVersion: 1;
  producedBy: string;
  producedAt: Instant;
  source: Scheme;
  deliveryMode: 'real-time' | 'near-real-time' | 'batch';
  recordCount: number;
  correlationId: Identifier;
  /**
   * W3C Trace Context.
   */
  traceparent: string;
  causationId?: Identifier;
  /**
   * The name of the replay that this event is part of.
   */
  replay?: string;
}
/**
 * One entry as it was given to the posting system: what reconciliation compares with the ledger.
 */
export interface PostedEntry {
  number: number;
  role: 'CUST' | 'SUSP' | 'HO' | 'FXPOS' | 'FEE_INC' | 'TAX' | 'ROUND' | 'BREAK';
  accountId: string;
  branch: string;
  direction: 'DEBIT' | 'CREDIT';
  minorUnits: string;
  currency: string;
  amountTag: 'PRINCIPAL' | 'CASHBACK' | 'FX_FEE' | 'CASH_FEE' | 'TAX' | 'ROUNDING';
  eventCode: string;
}
/**
 * One leg of a double entry.
 */
export interface PostingEntry {
  entryId: Identifier;
  sequence: SequencePosition;
  account: {
    role: 'CUST' | 'SUSP' | 'HO' | 'FXPOS' | 'FEE_INC' | 'TAX' | 'ROUND' | 'BREAK';
    accountId: string;
    currency: string;
    branch: string;
    sortCode?: string;
  };
  direction: 'DEBIT' | 'CREDIT';
  amount: Money;
  amountTag: 'PRINCIPAL' | 'CASHBACK' | 'FX_FEE' | 'CASH_FEE' | 'TAX' | 'ROUNDING';
  /**
   * Accounting event: CARDPUR, CARDCASH, CARDREF, FXFEE, CASHFEE, FEEVAT; REVR for what takes back; CORR for what corrects.
   */
  eventCode: string;
  bookingDate: CalendarDate;
  valueDate: CalendarDate;
  narrative: Text;
  reversal: boolean;
  sourceEventId: Identifier;
  originalAmount?: Money;
  rate?: Rate;
  feeBase?: Money;
  /**
   * The rate that a fee or tax was computed with.
   */
  feeRateBasisPoints?: number;
  reversalOf?: Identifier;
  holdRef?: Identifier;
  /**
   * How much of that hold it frees.
   */
  holdRelease?: 'FULL' | 'PARTIAL';
  /**
   * It puts right what the ledger holds of another sequence: a patch of reconciliation.
   */
  correction?: {
    sequenceId: Identifier;
    breakId: Identifier;
  };
}
/**
 * Where an entry stands in the sequence that a transaction posts.
 */
export interface SequencePosition {
  id: Identifier;
  number: number;
  count: number;
}
/**
 * What the bank charges and how it posts for a kind of account.
 */
export interface Product {
  code: string;
  name: Text;
  postingMode: 'POST_AT_AUTH' | 'HOLD_THEN_POST';
  /**
   * Of the billed amount; 299 is 2.99 %.
   */
  fxMarkupBasisPoints: number;
  cashFeeBasisPoints: number;
  cashFeeMinimum: Money;
  /**
   * Of a taxable fee; 2000 is 20 %.
   */
  taxBasisPoints: number;
  taxableFees: ('FX_FEE' | 'CASH_FEE')[];
  rounding: 'HALF_EVEN' | 'HALF_UP' | 'DOWN';
  /**
   * Of tax alone; often HALF_UP.
   */
  taxRounding: 'HALF_EVEN' | 'HALF_UP' | 'DOWN';
  /**
   * Days from the booking date to the value date.
   */
  valueDays: {
    debit: number;
    credit: number;
  };
  /**
   * Whether a refund in another currency gives the mark-up back.
   */
  refundFxMarkup: boolean;
  /**
   * How long a hold lasts that nothing clears, where the product holds first.
   */
  holdDays: number;
  /**
   * Which of the bank's own accounts it posts against: suspense, head office, fee income, tax, rounding, break.
   */
  accountSet: string;
  transactionLimit?: Money;
}
/**
 * One rule that had something to say.
 */
export interface RuleOutcome {
  ruleId: string;
  ruleVersion: number;
  /**
   * A code for machines.
   */
  reason: string;
  explanation: Text;
  /**
   * What the rule looked at, as it was.
   *
   * @maxItems 20
   */
  values?: {
    path: string;
    value: Text;
  }[];
}
/**
 * What a transaction means for the customer, read from its ISO 20022 content and the reference data.
 */
export interface Transaction {
  /**
   * CASHBACK is a purchase with cash given at the till.
   */
  kind: 'PURCHASE' | 'CASH' | 'REFUND' | 'CASHBACK' | 'REVERSAL' | 'ACCOUNT_VERIFICATION';
  /**
   * An authorization announces, a financial message moves, a reversal takes back.
   */
  messageClass: 'AUTHORIZATION' | 'FINANCIAL' | 'REVERSAL';
  /**
   * Which way the customer's account moves.
   */
  direction: 'DEBIT' | 'CREDIT';
  amount: Money;
  billed: Money;
  responseCode: string;
  standIn: boolean;
  /**
   * System trace audit number: with the transmission time it names the message within its life cycle.
   */
  stan: string;
  transmittedAt: Instant;
  bookingDate: CalendarDate;
  valueDate: CalendarDate;
  requested?: Money;
  cashback?: Money;
  surcharge?: Money;
  conversion?: {
    rate: Rate;
    source: 'NETWORK' | 'REFERENCE';
    /**
     * Billed less amount times rate, in minor units, where the network gave both.
     */
    difference?: string;
  };
  approvalCode?: string;
  /**
   * The message that this one refers to: what a reversal takes back, what a financial advice completes.
   */
  original?: {
    stan: string;
    transmittedAt?: Instant;
  };
  reversal?: {
    full: boolean;
    replacement?: Money;
    replacementBilled?: Money;
  };
}
/**
 * An authorization system or a platform says that it approved a transaction.
 */
export interface AuthorizationLogged {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: AuthorizationLoggedRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "AuthorizationLoggedRecord".
 */
export interface AuthorizationLoggedRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  /**
   * SHA-256 of what makes two messages the same transaction.
   */
  dedupKey: string;
  card: Card;
  authorization: Authorization;
}
/**
 * The transaction is in another currency than the account.
 */
export interface CurrencyConversionTransactionFound {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: CurrencyConversionTransactionFoundRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "CurrencyConversionTransactionFoundRecord".
 */
export interface CurrencyConversionTransactionFoundRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  card: Card;
  amount: Money;
  billed: Money;
  merchant: Merchant;
  ruleSetVersion: string;
  finding: RuleOutcome;
  accountId?: string;
}
/**
 * An authorization that was seen before, or contradicts one, lies apart.
 */
export interface DuplicateTransactionParked {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: DuplicateTransactionParkedRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "DuplicateTransactionParkedRecord".
 */
export interface DuplicateTransactionParkedRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  dedupKey: string;
  /**
   * CONFLICT: the same transaction with another amount.
   */
  reason: 'DUPLICATE' | 'CONFLICT';
  firstTransactionId: Identifier;
  amount: Money;
  firstAmount: Money;
  parkedAs: {
    bucket: string;
    key: string;
  };
}
/**
 * The merchant is in another country than the issuer.
 */
export interface ForeignTransactionFound {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: ForeignTransactionFoundRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "ForeignTransactionFoundRecord".
 */
export interface ForeignTransactionFoundRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  card: Card;
  amount: Money;
  billed: Money;
  merchant: Merchant;
  ruleSetVersion: string;
  finding: RuleOutcome;
  accountId?: string;
}
/**
 * A memo on an account: money is held, or held no longer. The ledger does not move.
 */
export interface HoldChanged {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: HoldChangedRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "HoldChangedRecord".
 */
export interface HoldChangedRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  /**
   * What ties an authorization to its increments and reversals.
   */
  lifecycleId: string;
  card: Card;
  hold: {
    holdId: Identifier;
    authorizationId: Identifier;
    action: 'HOLD' | 'HOLD_ADJUST' | 'HOLD_RELEASE' | 'HOLD_EXPIRE';
    reason: 'AUTHORIZED' | 'PARTIALLY_REVERSED' | 'REVERSED' | 'CLEARED' | 'EXPIRED';
    accountId: string;
    before: Money;
    after: Money;
    expiresAt: Instant;
  };
}
/**
 * One leg of what a transaction posts.
 */
export interface PostingEntryCreated {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: PostingEntryCreatedRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "PostingEntryCreatedRecord".
 */
export interface PostingEntryCreatedRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  /**
   * What ties an authorization to its increments and reversals.
   */
  lifecycleId: string;
  entry: PostingEntry;
}
/**
 * What was authorized, posted and booked do not agree.
 */
export interface ReconciliationMismatchDetected {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: ReconciliationMismatchDetectedRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "ReconciliationMismatchDetectedRecord".
 */
export interface ReconciliationMismatchDetectedRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  /**
   * What ties an authorization to its increments and reversals.
   */
  lifecycleId: string;
  breakId: Identifier;
  sequenceId?: Identifier;
  mismatch: {
    type:
      | 'A_NOT_P'
      | 'SEQ_INCOMPLETE'
      | 'P_NOT_L'
      | 'L_NOT_P'
      | 'DUPLICATE_L'
      | 'AMOUNT_MISMATCH'
      | 'DIRECTION_MISMATCH'
      | 'ACCOUNT_MISMATCH'
      | 'CURRENCY_MISMATCH'
      | 'DATE_ONLY'
      | 'STALE_REFERENCE'
      | 'REVERSAL_WITHOUT_ORIGINAL'
      | 'ORIGINAL_WITHOUT_REVERSAL'
      | 'POSTED_UNAPPROVED'
      | 'COUNT_MISMATCH'
      | 'HASH_MISMATCH'
      | 'UNBALANCED';
    explanation: Text;
    authorized: {
      present: boolean;
      amount?: Money;
      controlTotals?: ControlTotals;
    };
    posted: {
      present: boolean;
      amount?: Money;
      controlTotals?: ControlTotals;
    };
    booked: {
      present: boolean;
      amount?: Money;
      controlTotals?: ControlTotals;
    };
    atRisk?: Money;
  };
}
/**
 * Policy lets nobody but a person put a mismatch right: it waits for its owner.
 */
export interface ReconciliationMismatchParked {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: ReconciliationMismatchParkedRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "ReconciliationMismatchParkedRecord".
 */
export interface ReconciliationMismatchParkedRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  /**
   * What ties an authorization to its increments and reversals.
   */
  lifecycleId: string;
  breakId: Identifier;
  sequenceId?: Identifier;
  mismatch: {
    type:
      | 'A_NOT_P'
      | 'SEQ_INCOMPLETE'
      | 'P_NOT_L'
      | 'L_NOT_P'
      | 'DUPLICATE_L'
      | 'AMOUNT_MISMATCH'
      | 'DIRECTION_MISMATCH'
      | 'ACCOUNT_MISMATCH'
      | 'CURRENCY_MISMATCH'
      | 'DATE_ONLY'
      | 'STALE_REFERENCE'
      | 'REVERSAL_WITHOUT_ORIGINAL'
      | 'ORIGINAL_WITHOUT_REVERSAL'
      | 'POSTED_UNAPPROVED'
      | 'COUNT_MISMATCH'
      | 'HASH_MISMATCH'
      | 'UNBALANCED';
    explanation: Text;
    authorized: {
      present: boolean;
      amount?: Money;
      controlTotals?: ControlTotals;
    };
    posted: {
      present: boolean;
      amount?: Money;
      controlTotals?: ControlTotals;
    };
    booked: {
      present: boolean;
      amount?: Money;
      controlTotals?: ControlTotals;
    };
    atRisk?: Money;
  };
  parked: {
    /**
     * The team that it waits for.
     */
    owner: string;
    /**
     * NOT_AUTOMATIC, AMOUNT_CAP, COUNT_CAP, ATTEMPTS, FOUR_EYES, NOT_ALLOWED, REJECTED.
     */
    reason: string;
    explanation: Text;
  };
}
/**
 * A mismatch was put right by an additional entry or a repeated event.
 */
export interface ReconciliationMismatchPatched {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: ReconciliationMismatchPatchedRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "ReconciliationMismatchPatchedRecord".
 */
export interface ReconciliationMismatchPatchedRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  /**
   * What ties an authorization to its increments and reversals.
   */
  lifecycleId: string;
  breakId: Identifier;
  sequenceId?: Identifier;
  mismatch: {
    type:
      | 'A_NOT_P'
      | 'SEQ_INCOMPLETE'
      | 'P_NOT_L'
      | 'L_NOT_P'
      | 'DUPLICATE_L'
      | 'AMOUNT_MISMATCH'
      | 'DIRECTION_MISMATCH'
      | 'ACCOUNT_MISMATCH'
      | 'CURRENCY_MISMATCH'
      | 'DATE_ONLY'
      | 'STALE_REFERENCE'
      | 'REVERSAL_WITHOUT_ORIGINAL'
      | 'ORIGINAL_WITHOUT_REVERSAL'
      | 'POSTED_UNAPPROVED'
      | 'COUNT_MISMATCH'
      | 'HASH_MISMATCH'
      | 'UNBALANCED';
    explanation: Text;
    authorized: {
      present: boolean;
      amount?: Money;
      controlTotals?: ControlTotals;
    };
    posted: {
      present: boolean;
      amount?: Money;
      controlTotals?: ControlTotals;
    };
    booked: {
      present: boolean;
      amount?: Money;
      controlTotals?: ControlTotals;
    };
    atRisk?: Money;
  };
  patch: {
    ruleId: string;
    action: 'RE_EMIT' | 'RESEND' | 'CONTRA' | 'ADOPT' | 'ROUND' | 'REVERSE_AND_REPOST' | 'ACCEPT';
    explanation: Text;
    /**
     * `policy`, or who approved it.
     */
    decidedBy: string;
    sequenceId?: Identifier;
  };
}
/**
 * An approved authorization, seen for the first time.
 */
export interface TransactionAuthorized {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: TransactionAuthorizedRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "TransactionAuthorizedRecord".
 */
export interface TransactionAuthorizedRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  /**
   * SHA-256 of what makes two messages the same transaction.
   */
  dedupKey: string;
  card: Card;
  authorization: Authorization;
}
/**
 * A standardized transaction with all that the bank knows of it.
 */
export interface TransactionEnriched {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: TransactionEnrichedRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "TransactionEnrichedRecord".
 */
export interface TransactionEnrichedRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  /**
   * What ties an authorization to its increments and reversals.
   */
  lifecycleId: string;
  outcome:
    'COMPLETE' | 'CARD_UNKNOWN' | 'ACCOUNT_UNKNOWN' | 'ACCOUNT_CLOSED' | 'PRODUCT_UNKNOWN' | 'RATE_UNKNOWN';
  document: CainDocument;
  transaction: Transaction;
  card: Card;
  merchant: Merchant;
  description: Text;
  /**
   * The version of the reference data that this was made with.
   */
  referenceVersion: string;
  account?: Account;
  product?: Product;
}
/**
 * An approved transaction ends without entries, because there is nothing to post or because it cannot be posted.
 */
export interface TransactionNotPosted {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: TransactionNotPostedRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "TransactionNotPostedRecord".
 */
export interface TransactionNotPostedRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  /**
   * What ties an authorization to its increments and reversals.
   */
  lifecycleId: string;
  /**
   * CLOSED is a proper end; a BREAK is for people to look at.
   */
  disposition: 'CLOSED' | 'BREAK';
  /**
   * NO_AMOUNT, ALREADY_REVERSED, REVERSAL_SUPERSEDED, ALREADY_POSTED, REVERSAL_WITHOUT_ORIGINAL, REVERSAL_EXCEEDS_ORIGINAL, REVERSAL_CURRENCY, HOLD_EXPIRED, NOTHING_TO_HOLD.
   */
  reason: string;
  explanation: Text;
}
/**
 * The ledger or the core has booked a whole sequence.
 */
export interface TransactionPosted {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: TransactionPostedRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "TransactionPostedRecord".
 */
export interface TransactionPostedRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  /**
   * What ties an authorization to its increments and reversals.
   */
  lifecycleId: string;
  sequence: {
    id: Identifier;
    count: number;
  };
  postingReference: string;
  bookingDate: CalendarDate;
  controlTotals: ControlTotals;
  valueDate: CalendarDate;
  /**
   * What was posted; absent where a booked sequence is said to be posted once more without all its entries at hand.
   *
   * @minItems 1
   * @maxItems 98
   */
  entries?: PostedEntry[];
  /**
   * Where the sequence corrects another one.
   */
  correction?: {
    sequenceId: Identifier;
    breakId: Identifier;
  };
}
/**
 * The business rules let a transaction post.
 */
export interface TransactionPostingApproved {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: TransactionPostingApprovedRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "TransactionPostingApprovedRecord".
 */
export interface TransactionPostingApprovedRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  /**
   * What ties an authorization to its increments and reversals.
   */
  lifecycleId: string;
  transaction: Transaction;
  card: Card;
  merchant: Merchant;
  description: Text;
  /**
   * The version of the reference data that this was made with.
   */
  referenceVersion: string;
  account: Account;
  product: Product;
  ruleSetVersion: string;
  /**
   * @maxItems 20
   */
  findings: RuleOutcome[];
}
/**
 * Entries of a sequence have not come, for longer than they may take.
 */
export interface TransactionPostingDelayed {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: TransactionPostingDelayedRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "TransactionPostingDelayedRecord".
 */
export interface TransactionPostingDelayedRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  /**
   * What ties an authorization to its increments and reversals.
   */
  lifecycleId: string;
  sequence: {
    id: Identifier;
    count: number;
  };
  /**
   * The numbers of the entries that came.
   *
   * @maxItems 98
   */
  present: number[];
  since: Instant;
}
/**
 * The ledger or the core refuses a sequence for good.
 */
export interface TransactionPostingFailed {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: TransactionPostingFailedRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "TransactionPostingFailedRecord".
 */
export interface TransactionPostingFailedRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  /**
   * What ties an authorization to its increments and reversals.
   */
  lifecycleId: string;
  sequence: {
    id: Identifier;
    count: number;
  };
  reason: string;
  explanation: Text;
}
/**
 * The business rules refuse to post a transaction.
 */
export interface TransactionPostingRejected {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: TransactionPostingRejectedRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "TransactionPostingRejectedRecord".
 */
export interface TransactionPostingRejectedRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  /**
   * What ties an authorization to its increments and reversals.
   */
  lifecycleId: string;
  card: Card;
  amount: Money;
  merchant: Merchant;
  ruleSetVersion: string;
  refusal: RuleOutcome;
  /**
   * @maxItems 20
   */
  findings: RuleOutcome[];
  accountId?: string;
}
/**
 * What was authorized, posted and booked agree.
 */
export interface TransactionReconciled {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: TransactionReconciledRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "TransactionReconciledRecord".
 */
export interface TransactionReconciledRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  /**
   * What ties an authorization to its increments and reversals.
   */
  lifecycleId: string;
  sequenceId: Identifier;
  amount: Money;
  controlTotals: ControlTotals;
}
/**
 * An authorized transaction as ISO 20022 cain content.
 */
export interface TransactionStandardized {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: TransactionStandardizedRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "TransactionStandardizedRecord".
 */
export interface TransactionStandardizedRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  /**
   * What ties an authorization to its increments and reversals.
   */
  lifecycleId: string;
  mti: string;
  card: Card;
  document: CainDocument;
}
/**
 * The merchant is of a category that the bank watches.
 */
export interface WarningMerchantTypeTransactionFound {
  metadata: Metadata;
  /**
   * @minItems 1
   * @maxItems 10000
   */
  records: WarningMerchantTypeTransactionFoundRecord[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "WarningMerchantTypeTransactionFoundRecord".
 */
export interface WarningMerchantTypeTransactionFoundRecord {
  transactionId: Identifier;
  idempotencyKey: Identifier;
  scheme: Scheme;
  loggedAt: Instant;
  card: Card;
  amount: Money;
  billed: Money;
  merchant: Merchant;
  ruleSetVersion: string;
  finding: RuleOutcome;
  accountId?: string;
}
/**
 * One authorization as JSON, as a platform sends it. The only contract that holds a card number: it is replaced by its token in memory and never written.
 */
export interface AuthorizationRequest {
  scheme: Scheme;
  loggedAt: Instant;
  card: {
    number: string;
    sequenceNumber?: string;
  };
  authorization: Authorization;
}
/**
 * One environment: where it runs, how events are delivered, how it is watched.
 */
export interface Environment {
  name: string;
  system: string;
  accountId: string;
  region: string;
  logRetentionDays: 1 | 3 | 5 | 7 | 14 | 30 | 60 | 90 | 120 | 180 | 365 | 400 | 545 | 731 | 1096 | 1827;
  archiveRetentionDays: number;
  /**
   * Deletion protection and retained data; only an environment that may be thrown away says false.
   */
  protectData: boolean;
  parkedRetentionDays: number;
  dedupWindowDays: number;
  referenceCacheSeconds: number;
  /**
   * Enrich reads this version of the reference data, for a replay; the current one when absent.
   */
  referenceVersion?: string;
  /**
   * An incomplete sequence older than this raises an alarm.
   */
  incompleteSequenceMinutes: number;
  /**
   * A transaction older than this should have been posted and booked.
   */
  reconciliationOverdueMinutes: number;
  /**
   * How long a reversal waits for its original.
   */
  reversalWindowMinutes: number;
  /**
   * How long a posted transaction can still be reversed.
   */
  lifecycleRetentionDays: number;
  /**
   * The bank's core, where it posts over HTTP; absent for the reference ledger.
   */
  core?: {
    url: string;
    /**
     * The secret in Secrets Manager that holds its bearer token.
     */
    secretId?: string;
    timeoutMilliseconds: number;
    attempts: number;
    /**
     * Consecutive failures after which the circuit opens.
     */
    failuresToOpen: number;
    openSeconds: number;
  };
  /**
   * How each stage packs its events, by its name.
   */
  sources: {
    [k: string]: SourceDelivery;
  };
  /**
   * How each subscriber is fed, by its stage's name.
   */
  subscribers: {
    [k: string]: SubscriberDelivery;
  };
  /**
   * The remote Terraform state; absent for the local cloud.
   */
  state?: {
    bucket: string;
  };
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "SourceDelivery".
 */
export interface SourceDelivery {
  mode: 'real-time' | 'near-real-time' | 'batch';
  windowSeconds?: number;
  batchSize?: number;
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "SubscriberDelivery".
 */
export interface SubscriberDelivery {
  mode: 'real-time' | 'near-real-time' | 'batch';
  /**
   * Events an invocation takes at most.
   */
  batchSize?: number;
  windowSeconds?: number;
  /**
   * Drain the queue at these times instead of continuously.
   */
  schedule?: string;
  /**
   * Events that one drain may take; it must finish within 15 minutes.
   */
  largestBatch?: number;
  concurrency?: number;
}
/**
 * One line of an input file: one authorization, request and response.
 */
export interface InputLine {
  scheme: Scheme;
  wireProfile: 'A' | 'B' | 'C';
  request: string;
  response: string;
  loggedAt: Instant;
}
/**
 * The bank's own accounts, in sets that products name. A set that was used is never changed: a change is a new set.
 */
export interface PostingAccountSets {
  sets: {
    [k: string]: PostingAccountSet;
  };
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "PostingAccountSet".
 */
export interface PostingAccountSet {
  /**
   * Where the bank keeps these accounts.
   */
  branch: string;
  /**
   * THREE_ACCOUNT passes what stands on suspense on to the head office.
   */
  form: 'TWO_ACCOUNT' | 'THREE_ACCOUNT';
  /**
   * The currency in which the bank settles with the scheme; the latter takes a currency position.
   */
  settlement: 'BILLING_CURRENCY' | 'TRANSACTION_CURRENCY';
  /**
   * Whether goods and cash are two entries on the customer's account.
   */
  cashback: 'SPLIT' | 'ONE_LEG';
  accounts: PostingAccountPatterns;
}
export interface PostingAccountPatterns {
  suspense: PostingAccountPattern;
  suspenseCash: PostingAccountPattern;
  headOffice: PostingAccountPattern;
  fxPosition: PostingAccountPattern;
  feeIncome: PostingAccountPattern;
  tax: PostingAccountPattern;
  rounding: PostingAccountPattern;
  break: PostingAccountPattern;
}
/**
 * What a posting system is given for one sequence: its header with control totals, and every leg. A mapping renames it for a bank.
 */
export interface PostingInput {
  header: PostingHeader;
  /**
   * @minItems 1
   * @maxItems 98
   */
  legs: PostingLeg[];
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "PostingHeader".
 */
export interface PostingHeader {
  /**
   * Who sends.
   */
  sourceSystem: string;
  sequenceId: Identifier;
  /**
   * How many legs there are.
   */
  seqCount: number;
  transactionId: Identifier;
  scheme: Scheme;
  /**
   * What ties an authorization to its increments and reversals.
   */
  lifecycleId: string;
  /**
   * How it was delivered: in batch, near real time, real time.
   */
  mode: 'BATCH' | 'NRT' | 'RT';
  bookingDate: CalendarDate;
  valueDate: CalendarDate;
  reversalOf?: Identifier;
  correctionOf?: Identifier;
  controlTotals: ControlTotals;
}
/**
 * This interface was referenced by `Contracts`'s JSON-Schema
 * via the `definition` "PostingLeg".
 */
export interface PostingLeg {
  seqNo: number;
  seqCount: number;
  entryId: Identifier;
  /**
   * Accounting event, such as CARDPUR, FXFEE, FEEVAT, REVR.
   */
  eventCode: string;
  amountTag: 'PRINCIPAL' | 'CASHBACK' | 'FX_FEE' | 'CASH_FEE' | 'TAX' | 'ROUNDING';
  direction: 'DEBIT' | 'CREDIT';
  accountId: string;
  accountRole: 'CUST' | 'SUSP' | 'HO' | 'FXPOS' | 'FEE_INC' | 'TAX' | 'ROUND' | 'BREAK';
  accountCurrency: string;
  branch: string;
  sortCode?: string;
  amount: Money;
  originalAmount?: Money;
  rate?: Rate;
  holdRef?: Identifier;
  /**
   * How much of that hold it frees.
   */
  holdRelease?: 'FULL' | 'PARTIAL';
  bookingDate: CalendarDate;
  valueDate: CalendarDate;
  narrative: Text;
  reversal: boolean;
  sourceEventId: Identifier;
}
/**
 * How a bank's core wants the posting input: names, formats, where the legs stand; and where its answer says what.
 */
export interface PostingMapping {
  name: string;
  /**
   * NESTED: an array in the header's object. FLAT: an array of legs that each repeat the header's fields, alone or in an object.
   */
  legs: {
    layout: 'NESTED' | 'FLAT';
    /**
     * The array's field; required for NESTED.
     */
    to?: string;
  };
  /**
   * What stands once in a posting; in each leg when legs are FLAT.
   *
   * @maxItems 100
   */
  header: PostingField[];
  /**
   * @minItems 1
   * @maxItems 100
   */
  leg: PostingField[];
  /**
   * Where the core's answer says its reference, and why it refuses.
   */
  answer: {
    reference: string;
    reason?: string;
    explanation?: string;
  };
}
/**
 * One field that the posting system is given: from a source, or constant.
 */
export interface PostingField {
  /**
   * The field's name; dots lead into objects.
   */
  to: string;
  /**
   * Where its value stands in the posting input.
   */
  from?: string;
  value?: Text;
  /**
   * How the value is written; as it is in the posting input when absent.
   */
  format?:
    | 'AS_IS'
    | 'TEXT'
    | 'MINOR_UNITS'
    | 'DECIMAL'
    | 'DATE_ISO'
    | 'DATE_YYYYMMDD'
    | 'DATE_DD_MON_YYYY'
    | 'RATE_TEXT';
  /**
   * Texts for values: D for DEBIT, Y for true.
   *
   * @minItems 1
   * @maxItems 50
   */
  texts?: {
    is: string;
    text: Text;
  }[];
  /**
   * How long its text is.
   */
  length?: {
    /**
     * A shorter text is padded.
     */
    minimum?: number;
    padWith?: string;
    padAt?: 'START' | 'END';
    maximum?: number;
    /**
     * What happens to a longer text.
     */
    tooLong?: 'CUT' | 'REFUSE';
  };
  whenAbsent?: Text;
}
/**
 * What may be done about each type of mismatch without a person, and who is asked otherwise.
 */
export interface ReconciliationPolicy {
  version: string;
  /**
   * A pass looks at nothing younger: its sides may still be on their way.
   */
  settledAfterMinutes: number;
  /**
   * A break older than this raises an alarm.
   */
  oldestBreakHours: number;
  /**
   * @minItems 1
   * @maxItems 40
   */
  rules: PatchRule[];
}
export interface PatchRule {
  id: string;
  type:
    | 'A_NOT_P'
    | 'SEQ_INCOMPLETE'
    | 'P_NOT_L'
    | 'L_NOT_P'
    | 'DUPLICATE_L'
    | 'AMOUNT_MISMATCH'
    | 'DIRECTION_MISMATCH'
    | 'ACCOUNT_MISMATCH'
    | 'CURRENCY_MISMATCH'
    | 'DATE_ONLY'
    | 'STALE_REFERENCE'
    | 'REVERSAL_WITHOUT_ORIGINAL'
    | 'ORIGINAL_WITHOUT_REVERSAL'
    | 'POSTED_UNAPPROVED'
    | 'COUNT_MISMATCH'
    | 'HASH_MISMATCH'
    | 'UNBALANCED';
  action: 'RE_EMIT' | 'RESEND' | 'CONTRA' | 'ADOPT' | 'ROUND' | 'REVERSE_AND_REPOST' | 'ACCEPT' | 'NONE';
  automatic: boolean;
  /**
   * By currency; a break of more, or in another currency, is not patched without a person. Absent: no cap.
   */
  amountMax?: Money[];
  perHourMax: number;
  /**
   * A patch that would repeat more often stops.
   */
  attemptsMax: number;
  /**
   * Accounts of these roles may be corrected; absent: all.
   */
  roles?: ('CUST' | 'SUSP' | 'HO' | 'FXPOS' | 'FEE_INC' | 'TAX' | 'ROUND' | 'BREAK')[];
  /**
   * From this on somebody other than the proposer approves; by currency. An empty list: always.
   */
  fourEyesAbove?: Money[];
  owner: string;
  /**
   * How long it may still put itself right before it is patched or parked.
   */
  waitMinutes: number;
}
/**
 * What enrich looks up. A card is named by the index that its token is derived from, never by its number.
 */
export interface ReferenceData {
  version: string;
  accounts: Account[];
  cards: {
    token: string;
    accountId: string;
    status: 'ACTIVE' | 'BLOCKED' | 'EXPIRED';
    issuingCountry?: Country;
  }[];
  products: Product[];
  merchantCategories: {
    code: string;
    name: Text;
    risk?: 'STANDARD' | 'WARNING';
  }[];
  rates: {
    from: string;
    to: string;
    rate: Rate;
    date: CalendarDate;
  }[];
}
/**
 * Business rules as data. Each condition is JSON Logic over an enriched transaction.
 */
export interface RuleSet {
  version: string;
  /**
   * @minItems 1
   * @maxItems 500
   */
  rules: {
    id: string;
    version: number;
    effect: 'REFUSE' | 'FIND';
    reason: string;
    explanation: Text;
    /**
     * JSON Logic; the rule speaks when it is true.
     */
    when: {};
    /**
     * The finding's event, for FIND.
     */
    emits?:
      | 'ForeignTransactionFound'
      | 'CurrencyConversionTransactionFound'
      | 'WarningMerchantTypeTransactionFound';
    /**
     * Tell people over the notifications topic.
     */
    notify?: boolean;
    /**
     * Cases that the rule must decide as they say, at least one either way.
     *
     * @minItems 2
     * @maxItems 20
     */
    tests: {
      title: Text;
      /**
       * Members of an enriched transaction that differ from an ordinary one.
       */
      given: {};
      speaks: boolean;
    }[];
  }[];
}

/** The record type of every event. */
export interface EventRecords {
  readonly AuthorizationLogged: AuthorizationLoggedRecord;
  readonly CurrencyConversionTransactionFound: CurrencyConversionTransactionFoundRecord;
  readonly DuplicateTransactionParked: DuplicateTransactionParkedRecord;
  readonly ForeignTransactionFound: ForeignTransactionFoundRecord;
  readonly HoldChanged: HoldChangedRecord;
  readonly PostingEntryCreated: PostingEntryCreatedRecord;
  readonly ReconciliationMismatchDetected: ReconciliationMismatchDetectedRecord;
  readonly ReconciliationMismatchParked: ReconciliationMismatchParkedRecord;
  readonly ReconciliationMismatchPatched: ReconciliationMismatchPatchedRecord;
  readonly TransactionAuthorized: TransactionAuthorizedRecord;
  readonly TransactionEnriched: TransactionEnrichedRecord;
  readonly TransactionNotPosted: TransactionNotPostedRecord;
  readonly TransactionPosted: TransactionPostedRecord;
  readonly TransactionPostingApproved: TransactionPostingApprovedRecord;
  readonly TransactionPostingDelayed: TransactionPostingDelayedRecord;
  readonly TransactionPostingFailed: TransactionPostingFailedRecord;
  readonly TransactionPostingRejected: TransactionPostingRejectedRecord;
  readonly TransactionReconciled: TransactionReconciledRecord;
  readonly TransactionStandardized: TransactionStandardizedRecord;
  readonly WarningMerchantTypeTransactionFound: WarningMerchantTypeTransactionFoundRecord;
}
