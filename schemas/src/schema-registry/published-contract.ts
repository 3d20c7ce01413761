import type { ContractSet } from '../compatibility/contract-set.ts';
import { type EventName, type StageName, sourceOf } from '../stage-declaration.ts';
import { openapiDocument } from './openapi-document.ts';

/** What the registry takes at the most, in characters (Schema Registry API reference, CreateSchema). */
export const CONTENT_LENGTH_MAX = 100_000;

/** What a description says while a stage may already say more than what is published. */
const CHANGED_SINCE = ' Changed since in ways that are not released yet.';

/** A contract as it stands in EventBridge's schema registry. */
export interface PublishedContract {
  /** `payments.posting@TransactionPosted`: as the registry names what it discovers, so that tools find it. */
  readonly name: string;
  readonly description: string;
  readonly type: 'OpenApi3';
  /** An OpenAPI document as JSON. */
  readonly content: string;
}

/** The contracts as they were released last, and as they are. */
export interface ContractSets {
  readonly released: ContractSet;
  readonly present: ContractSet;
}

/** A contract that is larger than the registry takes. */
export class ContractTooLargeError extends Error {
  override readonly name = 'ContractTooLargeError';
  readonly code = 'ContractTooLarge';
  readonly retryable = false;

  constructor(name: string, length: number) {
    super(`the contract ${name} has ${length} characters; the schema registry takes ${CONTENT_LENGTH_MAX}`);
  }
}

/**
 * An event's contract as it was released last, for the registry. Its description says when the present contract says
 * something else.
 *
 * @param stage who emits it
 * @returns undefined for an event that is not released: nothing is promised of it yet
 * @throws ContractTooLargeError, UntranslatableKeywordError
 */
export function publishedContract(
  event: EventName,
  stage: StageName,
  { released, present }: ContractSets,
): PublishedContract | undefined {
  const path = pathOf(event, released);
  if (path === undefined) return undefined;
  const source = sourceOf(stage);
  const name = `${source}@${event}`;
  const content = JSON.stringify(openapiDocument(released, { path, source }));
  if (content.length > CONTENT_LENGTH_MAX) throw new ContractTooLargeError(name, content.length);
  const isChanged =
    !present.has(path) || JSON.stringify(openapiDocument(present, { path, source })) !== content;
  const description = `${released.get(path)?.['description']}${isChanged ? CHANGED_SINCE : ''}`;
  return { name, description, type: 'OpenApi3', content };
}

function pathOf(event: EventName, contracts: ContractSet): string | undefined {
  const isOf = ([path, { title }]: readonly [string, { readonly title?: unknown }]): boolean =>
    path.startsWith('events/') && title === event;
  return [...contracts].find(isOf)?.[0];
}
