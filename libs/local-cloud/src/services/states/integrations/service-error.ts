import { AwsError } from '../../../core/aws-error.ts';
import type { Runtime } from '../../../core/runtime.ts';
import { StatesError } from '../asl/states-error.ts';

/** How an integration names the errors of the service it calls. */
export interface ErrorNaming {
  /** What begins the error's name, for example `Lambda`. */
  readonly prefix: string;
  /** The service's name in the cause of an optimized integration; absent for `aws-sdk:` ones. */
  readonly optimizedService?: string;
}

/**
 * The error of a task whose service refused the call: `Lambda.TooManyRequestsException` and so on, with the
 * cause in the words of the SDK that AWS calls the service with.
 *
 * @returns the thrown value itself when it is not an answer of a service
 */
export function taskErrorOf(thrown: unknown, naming: ErrorNaming, runtime: Runtime): unknown {
  if (!(thrown instanceof AwsError)) return thrown;
  const code = thrown.code.split('.').at(-1) ?? thrown.code;
  const name = code.endsWith('Exception') ? code : `${code}Exception`;
  const facts =
    naming.optimizedService === undefined
      ? `Service: ${naming.prefix}, Status Code: ${thrown.status}, Request ID: ${runtime.uuid()}`
      : `Service: ${naming.optimizedService}; Status Code: ${thrown.status}; Error Code: ${code}; Request ID: ${runtime.uuid()}; Proxy: null`;
  return new StatesError(`${naming.prefix}.${name}`, `${thrown.message} (${facts})`);
}
