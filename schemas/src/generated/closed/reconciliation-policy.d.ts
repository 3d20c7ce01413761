/* Generated from the schemas beside this package. Do not edit: run `generate`. */
import type { Validate } from '../../validate.ts';
import type * as types from '../types.ts';

export const ReconciliationPolicy: Validate<types.ReconciliationPolicy>;
