/* Generated from the schemas beside this package. Do not edit: run `generate`. */
import type { Validate } from '../validate.ts';
import { AuthorizationLoggedRecord as producesAuthorizationLogged } from './closed/authorization-logged.js';
import { AuthorizationLoggedRecord as acceptsAuthorizationLogged } from './open/authorization-logged.js';
import { CurrencyConversionTransactionFoundRecord as producesCurrencyConversionTransactionFound } from './closed/currency-conversion-transaction-found.js';
import { CurrencyConversionTransactionFoundRecord as acceptsCurrencyConversionTransactionFound } from './open/currency-conversion-transaction-found.js';
import { DuplicateTransactionParkedRecord as producesDuplicateTransactionParked } from './closed/duplicate-transaction-parked.js';
import { DuplicateTransactionParkedRecord as acceptsDuplicateTransactionParked } from './open/duplicate-transaction-parked.js';
import { ForeignTransactionFoundRecord as producesForeignTransactionFound } from './closed/foreign-transaction-found.js';
import { ForeignTransactionFoundRecord as acceptsForeignTransactionFound } from './open/foreign-transaction-found.js';
import { HoldChangedRecord as producesHoldChanged } from './closed/hold-changed.js';
import { HoldChangedRecord as acceptsHoldChanged } from './open/hold-changed.js';
import { PostingEntryCreatedRecord as producesPostingEntryCreated } from './closed/posting-entry-created.js';
import { PostingEntryCreatedRecord as acceptsPostingEntryCreated } from './open/posting-entry-created.js';
import { ReconciliationMismatchDetectedRecord as producesReconciliationMismatchDetected } from './closed/reconciliation-mismatch-detected.js';
import { ReconciliationMismatchDetectedRecord as acceptsReconciliationMismatchDetected } from './open/reconciliation-mismatch-detected.js';
import { ReconciliationMismatchParkedRecord as producesReconciliationMismatchParked } from './closed/reconciliation-mismatch-parked.js';
import { ReconciliationMismatchParkedRecord as acceptsReconciliationMismatchParked } from './open/reconciliation-mismatch-parked.js';
import { ReconciliationMismatchPatchedRecord as producesReconciliationMismatchPatched } from './closed/reconciliation-mismatch-patched.js';
import { ReconciliationMismatchPatchedRecord as acceptsReconciliationMismatchPatched } from './open/reconciliation-mismatch-patched.js';
import { TransactionAuthorizedRecord as producesTransactionAuthorized } from './closed/transaction-authorized.js';
import { TransactionAuthorizedRecord as acceptsTransactionAuthorized } from './open/transaction-authorized.js';
import { TransactionEnrichedRecord as producesTransactionEnriched } from './closed/transaction-enriched.js';
import { TransactionEnrichedRecord as acceptsTransactionEnriched } from './open/transaction-enriched.js';
import { TransactionNotPostedRecord as producesTransactionNotPosted } from './closed/transaction-not-posted.js';
import { TransactionNotPostedRecord as acceptsTransactionNotPosted } from './open/transaction-not-posted.js';
import { TransactionPostedRecord as producesTransactionPosted } from './closed/transaction-posted.js';
import { TransactionPostedRecord as acceptsTransactionPosted } from './open/transaction-posted.js';
import { TransactionPostingApprovedRecord as producesTransactionPostingApproved } from './closed/transaction-posting-approved.js';
import { TransactionPostingApprovedRecord as acceptsTransactionPostingApproved } from './open/transaction-posting-approved.js';
import { TransactionPostingDelayedRecord as producesTransactionPostingDelayed } from './closed/transaction-posting-delayed.js';
import { TransactionPostingDelayedRecord as acceptsTransactionPostingDelayed } from './open/transaction-posting-delayed.js';
import { TransactionPostingFailedRecord as producesTransactionPostingFailed } from './closed/transaction-posting-failed.js';
import { TransactionPostingFailedRecord as acceptsTransactionPostingFailed } from './open/transaction-posting-failed.js';
import { TransactionPostingRejectedRecord as producesTransactionPostingRejected } from './closed/transaction-posting-rejected.js';
import { TransactionPostingRejectedRecord as acceptsTransactionPostingRejected } from './open/transaction-posting-rejected.js';
import { TransactionReconciledRecord as producesTransactionReconciled } from './closed/transaction-reconciled.js';
import { TransactionReconciledRecord as acceptsTransactionReconciled } from './open/transaction-reconciled.js';
import { TransactionStandardizedRecord as producesTransactionStandardized } from './closed/transaction-standardized.js';
import { TransactionStandardizedRecord as acceptsTransactionStandardized } from './open/transaction-standardized.js';
import { WarningMerchantTypeTransactionFoundRecord as producesWarningMerchantTypeTransactionFound } from './closed/warning-merchant-type-transaction-found.js';
import { WarningMerchantTypeTransactionFoundRecord as acceptsWarningMerchantTypeTransactionFound } from './open/warning-merchant-type-transaction-found.js';
import type { EventRecords } from './types.ts';

/** One record's contract: what consumers accept (open) and what producers may say (closed). */
export interface Contract<Record> {
  readonly version: number;
  readonly accepts: Validate<Record>;
  readonly produces: Validate<Record>;
}

export const contracts: { readonly [Name in keyof EventRecords]: Contract<EventRecords[Name]> } = {
  AuthorizationLogged: { version: 1, accepts: acceptsAuthorizationLogged, produces: producesAuthorizationLogged },
  CurrencyConversionTransactionFound: { version: 1, accepts: acceptsCurrencyConversionTransactionFound, produces: producesCurrencyConversionTransactionFound },
  DuplicateTransactionParked: { version: 1, accepts: acceptsDuplicateTransactionParked, produces: producesDuplicateTransactionParked },
  ForeignTransactionFound: { version: 1, accepts: acceptsForeignTransactionFound, produces: producesForeignTransactionFound },
  HoldChanged: { version: 1, accepts: acceptsHoldChanged, produces: producesHoldChanged },
  PostingEntryCreated: { version: 1, accepts: acceptsPostingEntryCreated, produces: producesPostingEntryCreated },
  ReconciliationMismatchDetected: { version: 1, accepts: acceptsReconciliationMismatchDetected, produces: producesReconciliationMismatchDetected },
  ReconciliationMismatchParked: { version: 1, accepts: acceptsReconciliationMismatchParked, produces: producesReconciliationMismatchParked },
  ReconciliationMismatchPatched: { version: 1, accepts: acceptsReconciliationMismatchPatched, produces: producesReconciliationMismatchPatched },
  TransactionAuthorized: { version: 1, accepts: acceptsTransactionAuthorized, produces: producesTransactionAuthorized },
  TransactionEnriched: { version: 1, accepts: acceptsTransactionEnriched, produces: producesTransactionEnriched },
  TransactionNotPosted: { version: 1, accepts: acceptsTransactionNotPosted, produces: producesTransactionNotPosted },
  TransactionPosted: { version: 1, accepts: acceptsTransactionPosted, produces: producesTransactionPosted },
  TransactionPostingApproved: { version: 1, accepts: acceptsTransactionPostingApproved, produces: producesTransactionPostingApproved },
  TransactionPostingDelayed: { version: 1, accepts: acceptsTransactionPostingDelayed, produces: producesTransactionPostingDelayed },
  TransactionPostingFailed: { version: 1, accepts: acceptsTransactionPostingFailed, produces: producesTransactionPostingFailed },
  TransactionPostingRejected: { version: 1, accepts: acceptsTransactionPostingRejected, produces: producesTransactionPostingRejected },
  TransactionReconciled: { version: 1, accepts: acceptsTransactionReconciled, produces: producesTransactionReconciled },
  TransactionStandardized: { version: 1, accepts: acceptsTransactionStandardized, produces: producesTransactionStandardized },
  WarningMerchantTypeTransactionFound: { version: 1, accepts: acceptsWarningMerchantTypeTransactionFound, produces: producesWarningMerchantTypeTransactionFound },
};
