import type { InvocationResult } from '../../core/seams.ts';

/** A function as its host needs it. Plain data: it is sent to worker threads. */
export interface FunctionConfiguration {
  readonly name: string;
  readonly arn: string;
  /** `<module>.<export>`, for example `index.handler`. */
  readonly handler: string;
  /** The bundle: the path of a zip file, or of a directory that holds what the zip would. */
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** The execution role's ARN. */
  readonly role: string;
}

/** One invocation, as its host needs it. */
export interface Invocation {
  readonly requestId: string;
  /** How long the handler may take, from `onStart` on. */
  readonly timeoutMs: number;
  readonly traceId?: string | undefined;
  /** Called when the handler is about to run: waiting for an instance and starting one takes no time of it. */
  onStart(): void;
  /** Aborted when the time is over: the instance is given up, its answer is not waited for. */
  readonly signal: AbortSignal;
}

/** Where functions run. */
export interface FunctionHost {
  /** Makes a function known before its first invocation; again when it has changed. */
  load(fn: FunctionConfiguration): Promise<void> | void;
  /**
   * Runs a handler in an instance of the function that does nothing else meanwhile.
   *
   * @param payload JSON text
   * @returns what the handler answered or threw; it rejects only for a defect of the host
   */
  invoke(fn: FunctionConfiguration, payload: string, invocation: Invocation): Promise<InvocationResult>;
  /** Forgets a function and its instances. */
  unload(name: string): void;
  close(): Promise<void>;
}

/** Takes what a function writes, line by line. */
export type FunctionLog = (functionName: string, line: string) => void;
