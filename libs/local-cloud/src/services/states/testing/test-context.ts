import { AwsError } from '../../../core/aws-error.ts';
import { type Faults, NO_FAULTS } from '../../../core/faults.ts';
import type { Runtime } from '../../../core/runtime.ts';
import type { FunctionInvoker, ServiceContext } from '../../../core/seams.ts';
import type { CallService } from '../../../core/service.ts';
import { Store } from '../../../core/store.ts';

export const ACCOUNT = { id: '111111111111', region: 'us-east-1' };
export const ROLE_ARN = 'arn:aws:iam::111111111111:role/machine';

/** A context with an own store in memory, where nothing can be called unless the test says what answers. */
export function testContext(options: {
  runtime: Runtime;
  call?: CallService;
  faults?: Partial<Faults>;
  store?: Store;
}): ServiceContext & { readonly bills: Map<string, number>; readonly warnings: string[] } {
  const bills = new Map<string, number>();
  const warnings: string[] = [];
  return {
    account: ACCOUNT,
    runtime: options.runtime,
    store: options.store ?? new Store(':memory:'),
    faults: { ...NO_FAULTS, ...options.faults },
    call:
      options.call ??
      ((service, operation) => Promise.reject(new Error(`unexpected ${service}:${operation}`))),
    bill: (unit, quantity) => void bills.set(unit, (bills.get(unit) ?? 0) + quantity),
    warn: (message) => void warnings.push(message),
    bills,
    warnings,
  };
}

/** Functions that answer with what the test says; one that it does not name does not exist. */
export function functionsOf(
  answer: (functionArn: string, payload: string) => string | undefined | Promise<string>,
): FunctionInvoker {
  return {
    async invoke(functionArn, payload) {
      const answered = await answer(functionArn, payload);
      if (answered === undefined) {
        throw new AwsError('ResourceNotFoundException', `Function not found: ${functionArn}`, {
          status: 404,
        });
      }
      return { payload: answered, functionError: undefined };
    },
    invokeAsync: (functionArn, payload) => void answer(functionArn, payload),
  };
}
