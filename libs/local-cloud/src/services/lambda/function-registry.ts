import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ServiceContext } from '../../core/seams.ts';
import type { FunctionConfiguration } from './function-host.ts';

/** What Lambda keeps of a function besides what its host needs. */
export interface FunctionRecord extends FunctionConfiguration {
  readonly runtime: string;
  readonly description: string;
  readonly codeSha256: string;
  readonly lastModified: number;
  /** How many invocations may run at once; undefined: as many as the account allows. */
  readonly reservedConcurrency: number | undefined;
  /** The queue or topic that gets events which failed for good (DeadLetterConfig). */
  readonly deadLetterArn: string | undefined;
}

/** How asynchronous events are retried, and where they end (FunctionEventInvokeConfig). */
export interface EventInvokeConfiguration {
  readonly maximumEventAgeSeconds: number;
  readonly maximumRetryAttempts: number;
  readonly onSuccessArn: string | undefined;
  readonly onFailureArn: string | undefined;
}

/** Lambda Developer Guide, "Configuring error handling settings for asynchronous invocations". */
export const EVENT_INVOKE_DEFAULTS: EventInvokeConfiguration = {
  maximumEventAgeSeconds: 6 * 3600,
  maximumRetryAttempts: 2,
  onSuccessArn: undefined,
  onFailureArn: undefined,
};

interface Held {
  record: FunctionRecord;
  eventInvoke: EventInvokeConfiguration;
  /** The statements of the resource policy by their ids. */
  statements: Record<string, JsonObject>;
}

interface Row {
  readonly name: string;
  readonly content: string;
}

/** All functions of the account: kept in the store, held in memory since every invocation asks. */
export class FunctionRegistry {
  readonly #context: ServiceContext;
  readonly #held = new Map<string, Held>();

  constructor(context: ServiceContext) {
    this.#context = context;
    context.store.define(
      'CREATE TABLE IF NOT EXISTS lambda_functions (name TEXT PRIMARY KEY, content TEXT NOT NULL)',
    );
    for (const row of context.store.all<Row>('SELECT * FROM lambda_functions ORDER BY name')) {
      this.#held.set(row.name, JSON.parse(row.content));
    }
  }

  all(): readonly FunctionRecord[] {
    return [...this.#held.values()].map((held) => held.record);
  }

  /**
   * The function of a name or an ARN. Only `$LATEST` is run here: no versions, no aliases.
   *
   * @throws AwsError ResourceNotFoundException
   */
  get(reference: string): FunctionRecord {
    return this.#get(reference).record;
  }

  has(reference: string): boolean {
    return this.#held.has(functionName(reference));
  }

  put(record: FunctionRecord): void {
    const held = this.#held.get(record.name) ?? {
      record,
      eventInvoke: EVENT_INVOKE_DEFAULTS,
      statements: {},
    };
    this.#save({ ...held, record });
  }

  remove(name: string): void {
    this.#context.store.run('DELETE FROM lambda_functions WHERE name = ?', name);
    this.#held.delete(name);
  }

  eventInvoke(reference: string): EventInvokeConfiguration {
    return this.#get(reference).eventInvoke;
  }

  setEventInvoke(reference: string, eventInvoke: EventInvokeConfiguration): void {
    this.#save({ ...this.#get(reference), eventInvoke });
  }

  /** Adds a statement to the resource policy, or takes one away. */
  setStatement(reference: string, id: string, statement: JsonObject | undefined): void {
    const held = this.#get(reference);
    const { [id]: _, ...statements } = held.statements;
    this.#save({
      ...held,
      statements: statement === undefined ? statements : { ...statements, [id]: statement },
    });
  }

  /** The resource policy as JSON text, if the function has one. */
  policyOf(reference: string): string | undefined {
    const statements = Object.values(this.#held.get(functionName(reference))?.statements ?? {});
    if (statements.length === 0) return undefined;
    return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });
  }

  #get(reference: string): Held {
    const held = this.#held.get(functionName(reference));
    const qualifier = qualifierOf(reference);
    if (held !== undefined && (qualifier === undefined || qualifier === '$LATEST')) return held;
    const { region, id } = this.#context.account;
    throw new AwsError(
      'ResourceNotFoundException',
      `Function not found: arn:aws:lambda:${region}:${id}:function:${functionName(reference)}${qualifier === undefined ? '' : `:${qualifier}`}`,
      { status: 404, members: { Type: 'User' } },
    );
  }

  #save(held: Held): void {
    this.#held.set(held.record.name, held);
    this.#context.store.run(
      'INSERT INTO lambda_functions (name, content) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET content = excluded.content',
      held.record.name,
      JSON.stringify(held),
    );
  }
}

/** The name in a function's ARN (qualified or not), or in `name` or `name:qualifier`. */
export function functionName(reference: string): string {
  const parts = reference.split(':');
  return (parts.length > 2 ? parts[6] : parts[0]) ?? reference;
}

function qualifierOf(reference: string): string | undefined {
  const parts = reference.split(':');
  return parts.length > 2 ? parts[7] : parts[1];
}
