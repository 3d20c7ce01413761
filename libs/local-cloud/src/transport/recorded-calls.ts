import type { AwsError, JsonObject } from '../core/aws-error.ts';
import type { CallService, Principal, ServiceName } from '../core/service.ts';
import { makeHandleRequest } from './handle-request.ts';
import type { HandleRequest } from './wire.ts';

/** For tests of the transport: answers every call with what it was given, and keeps what was called. */
export class RecordedCalls {
  readonly calls: { service: ServiceName; operation: string; input: JsonObject; caller: Principal }[] = [];
  readonly defects: unknown[] = [];
  answer: JsonObject | AwsError | Error = {};

  readonly call: CallService = async (service, operation, input, caller) => {
    this.calls.push({ service, operation, input, caller });
    if (this.answer instanceof Error) throw this.answer;
    return this.answer;
  };

  readonly handleRequest: HandleRequest = makeHandleRequest(this.call, {
    requestId: () => '00000000-0000-4000-8000-000000000000',
    onDefect: (error) => this.defects.push(error),
  });

  /** The operation and input of the last call. */
  get last(): { service: ServiceName; operation: string; input: JsonObject; caller: Principal } {
    const last = this.calls.at(-1);
    if (last === undefined) throw new Error('nothing was called');
    return last;
  }
}
