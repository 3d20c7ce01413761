import { AwsError } from '../core/aws-error.ts';
import type { Principal } from '../core/service.ts';

/** What an SDK or the CLI is configured with. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The key of the machine's owner. It is no secret: the endpoint is on loopback and verifies no signature. */
export const OWNER_ACCESS_KEY: AccessKey = { accessKeyId: 'local', secretAccessKey: 'local' };

const ACCESS_KEY_ID = /(?:AWS4-HMAC-SHA256 Credential=)(?<id>[^/]+)\//;

/** The access keys by which callers from outside this process are known. */
export class AccessKeys {
  readonly #principals = new Map<string, Principal>([[OWNER_ACCESS_KEY.accessKeyId, { kind: 'owner' }]]);
  #issued = 0;

  /** Issues a key whose holder calls as the role, until this process ends. */
  issue(roleArn: string): AccessKey {
    this.#issued += 1;
    const accessKeyId = `ASIALOCAL${String(this.#issued).padStart(11, '0')}`;
    this.#principals.set(accessKeyId, { kind: 'role', arn: roleArn });
    return { accessKeyId, secretAccessKey: 'local' };
  }

  /**
   * Who sends a request. The signature itself is not verified.
   *
   * @param authorization the Authorization header, or undefined
   * @param credential the X-Amz-Credential query parameter of a presigned request, or undefined
   * @throws AwsError MissingAuthenticationToken, UnrecognizedClientException
   */
  principalOf(authorization: string | undefined, credential: string | undefined): Principal {
    const accessKeyId = ACCESS_KEY_ID.exec(authorization ?? '')?.groups?.['id'] ?? credential?.split('/')[0];
    if (accessKeyId === undefined) {
      throw new AwsError('MissingAuthenticationToken', 'The request names no access key.', { status: 403 });
    }
    const principal = this.#principals.get(accessKeyId);
    if (principal === undefined) {
      const hint = `The owner's access key id is "${OWNER_ACCESS_KEY.accessKeyId}"; any secret will do.`;
      throw new AwsError(
        'UnrecognizedClientException',
        `The access key id "${accessKeyId}" is not known. ${hint}`,
        { status: 403 },
      );
    }
    return principal;
  }
}
