import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Metadata } from '@payments/schemas';
import { compileMapping } from '../compile-mapping.ts';
import type { Clock, PostingSystem } from '../ports.ts';
import { DynamoDbReferenceLedger, type LedgerTables } from './dynamodb-reference-ledger.ts';
import { HttpCore } from './http-core.ts';
import { HttpCoreClient } from './http-core-client.ts';
import { SecretsExtensionToken } from './secrets-extension-token.ts';

/** `POSTING_SYSTEM` where sequences are booked in the reference ledger. */
const REFERENCE_LEDGER = 'reference-ledger';

/** `POSTING_SYSTEM` where they are booked in a bank's core: an environment's `core`, and the time for it. */
interface CoreVariable {
  readonly url: string;
  readonly secretId?: string;
  readonly timeoutMilliseconds: number;
  readonly attempts: number;
  readonly failuresToOpen: number;
  readonly openSeconds: number;
  readonly budgetMilliseconds: number;
}

/** With what a posting system is made. */
export interface PostingSystemParts {
  readonly documents: DynamoDBDocumentClient;
  readonly tables: LedgerTables;
  readonly clock: Clock;
  readonly deliveryMode: Metadata['deliveryMode'];
  /** The bank's mapping, not yet checked. */
  readonly mapping: unknown;
  /** The session token of the function's role. */
  readonly sessionToken: string | undefined;
}

/**
 * The posting system that a function's environment names.
 *
 * @param variable the value of `POSTING_SYSTEM`
 * @throws PostingMappingError where there is a core and the mapping cannot be used
 */
export function postingSystemOf(variable: string, parts: PostingSystemParts): PostingSystem {
  const { documents, tables, clock, deliveryMode, mapping, sessionToken } = parts;
  const ledger = new DynamoDbReferenceLedger(documents, tables, clock);
  if (variable === REFERENCE_LEDGER) return ledger;
  const { secretId, openSeconds, budgetMilliseconds, ...core } = JSON.parse(variable) as CoreVariable;
  const { mapping: checked, write } = compileMapping(mapping);
  const token = secretId === undefined ? undefined : new SecretsExtensionToken(secretId, sessionToken);
  const settings = { ...core, openMilliseconds: openSeconds * 1000 };
  return new HttpCore({
    client: new HttpCoreClient(settings, checked.answer, clock, token),
    write,
    acknowledged: ledger,
    deliveryMode,
    clock,
    budgetMilliseconds,
  });
}
