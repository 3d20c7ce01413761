/** A policy that the local cloud cannot enforce, refused when it is deployed. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly code = 'MalformedPolicyDocument';
  readonly retryable = false;
}
