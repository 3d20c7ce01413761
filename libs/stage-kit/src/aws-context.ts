import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/** The current time. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
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

/** A Lambda handler as the runtime calls it. */
export type LambdaFunction = (event: unknown, context: { readonly awsRequestId: string }) => Promise<unknown>;

/**
 * A stage's composition root: from the function's environment variables and the outside to its Lambda
 * functions, by the name that the Terraform module gives as `index.<name>`.
 */
export type Compose = (
  environment: Readonly<Record<string, string | undefined>>,
  aws: AwsContext,
) => Record<string, LambdaFunction>;
