/* Generated from the schemas beside this package. Do not edit: run `generate`. */
import type { Validate } from '../../validate.ts';
import type * as types from '../types.ts';

export const TransactionPostingDelayed: Validate<types.TransactionPostingDelayed>;
export const TransactionPostingDelayedRecord: Validate<types.TransactionPostingDelayedRecord>;
