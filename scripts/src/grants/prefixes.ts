import { environmentNames, loadEnvironment } from '@payments/infra/environment';
import type { Prefixes } from './grant.ts';

/** What names begin with in each environment that has a file. */
export function environmentPrefixes(): Prefixes {
  return environmentNames().map((name) => `${loadEnvironment(name).system}-${name}`);
}
