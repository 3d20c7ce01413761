import { createHash } from 'node:crypto';
import { AwsError } from '../core/aws-error.ts';
import type { Principal } from '../core/service.ts';

/** What an SDK or the CLI is configured with. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The key of the machine's owner. It is no secret: the endpoint is on loopback. */
export const OWNER_ACCESS_KEY: AccessKey = { accessKeyId: 'local', secretAccessKey: 'local' };

const ACCESS_KEY_ID = /(?:AWS4-HMAC-SHA256 Credential=)(?<id>[^/]+)\//;

/** An access key, and who calls with it. */
export interface KnownKey extends AccessKey {
  readonly principal: Principal;
}

/** The access keys by which callers from outside this process are known. */
export class AccessKeys {
  readonly #keys = new Map<string, KnownKey>([
    [OWNER_ACCESS_KEY.accessKeyId, { ...OWNER_ACCESS_KEY, principal: { kind: 'owner' } }],
  ]);
  #issued = 0;

  /** Issues a key whose holder calls as the role, until this process ends. */
  issue(roleArn: string): AccessKey {
    this.#issued += 1;
    const accessKeyId = `ASIALOCAL${String(this.#issued).padStart(11, '0')}`;
    // Each key has a secret of its own, so that a signature made with another one is found out.
    const secretAccessKey = createHash('sha256').update(`${accessKeyId} ${roleArn}`).digest('base64url');
    this.#keys.set(accessKeyId, {
      accessKeyId,
      secretAccessKey,
      principal: { kind: 'role', arn: roleArn },
    });
    return { accessKeyId, secretAccessKey };
  }

  /** The key with an id, for whoever verifies signatures. */
  find(accessKeyId: string): KnownKey | undefined {
    return this.#keys.get(accessKeyId);
  }

  /**
   * Who sends a request to an AWS API. The signature itself is not verified; that of a function URL is.
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
    const principal = this.#keys.get(accessKeyId)?.principal;
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
