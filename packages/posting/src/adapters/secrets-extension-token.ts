import type { BearerToken } from '../ports.ts';

/** Where the AWS Parameters and Secrets Lambda Extension listens (Secrets Manager user guide, "Use AWS Secrets Manager
 * secrets in AWS Lambda functions"). */
export const EXTENSION_URL = 'http://localhost:2773';
const TIMEOUT_MS = 2_000;

/**
 * A bearer token that is a secret of Secrets Manager, read through the extension that runs beside the function. The
 * extension keeps it for some minutes and then asks again, so a token that was changed is used without a deployment.
 */
export class SecretsExtensionToken implements BearerToken {
  readonly #secretId: string;
  readonly #sessionToken: string | undefined;
  readonly #extensionUrl: string;

  /**
   * @param sessionToken the session token of the function's role, by which the extension knows who asks
   */
  constructor(secretId: string, sessionToken: string | undefined, extensionUrl = EXTENSION_URL) {
    this.#secretId = secretId;
    this.#sessionToken = sessionToken;
    this.#extensionUrl = extensionUrl;
  }

  async current(): Promise<string> {
    const url = `${this.#extensionUrl}/secretsmanager/get?secretId=${encodeURIComponent(this.#secretId)}`;
    const response = await fetch(url, {
      headers: { 'x-aws-parameters-secrets-token': this.#sessionToken ?? '' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body = await response.text();
    // What the extension answers may be the secret: nothing of it goes into an error.
    if (!response.ok) throw new Error(`the secrets extension answered ${response.status}`);
    const { SecretString } = JSON.parse(body) as { SecretString?: unknown };
    if (typeof SecretString !== 'string' || SecretString === '') throw new Error('the secret is no text');
    return SecretString.trim();
  }
}
