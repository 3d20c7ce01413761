import type { JsonObject, JsonValue } from '../../../../core/aws-error.ts';
import type { Frame } from '../frame.ts';
import { dataDetails } from '../history.ts';
import type { Integration } from '../integration.ts';
import type { StatesError } from '../states-error.ts';

/** Writes the events of one attempt of a Task into the history. */
export class TaskHistory {
  readonly #frame: Frame;
  readonly #isFunction: boolean;
  readonly #names: { readonly resource: string; readonly resourceType: string };

  constructor(integration: Integration, frame: Frame) {
    this.#frame = frame;
    this.#isFunction = integration.style === 'function';
    this.#names = { resource: integration.resource, resourceType: integration.resourceType };
  }

  scheduled(parameters: JsonValue, timeoutSeconds: number | undefined): void {
    this.#record('Scheduled', () => ({
      ...(this.#isFunction
        ? { resource: this.#names.resource, ...dataDetails('input', parameters) }
        : { ...this.#names, parameters: JSON.stringify(parameters), region: this.#region() }),
      ...(timeoutSeconds !== undefined && { timeoutInSeconds: timeoutSeconds }),
    }));
    if (this.#isFunction) this.#frame.record('LambdaFunctionStarted');
    else this.#record('Started', () => this.#names);
  }

  submitted(output: JsonValue): void {
    this.#record('Submitted', () => ({ ...this.#names, ...dataDetails('output', output) }));
  }

  succeeded(output: JsonValue): void {
    this.#record('Succeeded', () => ({ ...this.#service(), ...dataDetails('output', output) }));
  }

  failed({ error, reason }: StatesError): void {
    this.#record(error === 'States.Timeout' ? 'TimedOut' : 'Failed', () => ({
      ...this.#service(),
      ...(error !== undefined && { error }),
      ...(reason !== undefined && { cause: reason }),
    }));
  }

  #record(what: string, details: () => JsonObject): void {
    const kind = this.#isFunction ? 'LambdaFunction' : 'Task';
    const member = this.#isFunction ? 'lambdaFunction' : 'task';
    this.#frame.record(`${kind}${what}`, () => [`${member}${what}EventDetails`, details()]);
  }

  #service(): JsonObject {
    return this.#isFunction ? {} : this.#names;
  }

  /** The region of the machine's ARN. */
  #region(): string {
    return this.#frame.execution.identity.stateMachineArn.split(':')[3] ?? '';
  }
}
