import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/** The current time, and waiting for it to pass. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** Randomness for what must not be guessed; identifiers are not random but name-based. */
export interface Randomness {
  /** A UUID version 4. */
  uuid(): string;
  /** Bytes from a cryptographic source; in a simulation, from its seed. */
  bytes(length: number): Uint8Array;
}

/** What every SDK client of a function is made with: region, credentials, transport, retries. */
export type ClientConfiguration = Pick<
  DynamoDBClientConfig,
  'region' | 'credentials' | 'endpoint' | 'requestHandler' | 'maxAttempts' | 'retryStrategy'
>;

/** All that a composition root needs from outside; nothing else reads the clock, randomness or a socket. */
export interface AwsContext {
  readonly clock: Clock;
  readonly random: Randomness;
  readonly client: ClientConfiguration;
  /** Writes one line of the function's log. */
  readonly output: (line: string) => void;
}

/** What Lambda says of an invocation. */
export interface InvocationContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** A Lambda handler as the runtime calls it. */
export type LambdaFunction = (event: unknown, context: InvocationContext) => Promise<unknown>;

/** A function's environment variables. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/**
 * A stage's composition root: from the function's environment variables and the outside to its Lambda
 * functions, by the name that the Terraform module gives as `index.<name>`.
 */
export type Compose = (environment: EnvironmentVariables, aws: AwsContext) => Record<string, LambdaFunction>;
