/** A deployment that cannot be done as things stand; the message says what to do about it. */
export class DeploymentRefusedError extends Error {
  override readonly name = 'DeploymentRefusedError';
  readonly code = 'DeploymentRefused';
  readonly retryable = true;
}
