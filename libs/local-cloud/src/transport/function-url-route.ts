import { AwsError } from '../core/aws-error.ts';
import { FUNCTION_URL_PATH, type FunctionUrls } from '../services/lambda/function-urls.ts';
import type { AccessKeys } from './access-keys.ts';
import { verifySignature } from './request-signature.ts';
import type { WireRequest, WireResponse } from './wire.ts';

/** What requests to function URLs need. */
export interface FunctionUrlRouteOptions {
  readonly urls: FunctionUrls;
  readonly accessKeys: AccessKeys;
  readonly region: string;
  readonly now: () => number;
}

/**
 * Requests to function URLs, `/_lambda-url/<function>/<path>` on the HTTP endpoint: the signature is verified, over
 * the path as it was sent, and the function sees the path below its URL.
 */
export class FunctionUrlRoute {
  readonly #options: FunctionUrlRouteOptions;

  constructor(options: FunctionUrlRouteOptions) {
    this.#options = options;
  }

  /** True for a request to a function's URL: a bucket's name has no underscore. */
  static isFor(request: WireRequest): boolean {
    return request.path.startsWith(FUNCTION_URL_PATH);
  }

  /** Answers a request; one without a good signature with 403. */
  async answer(request: WireRequest): Promise<WireResponse> {
    const { urls, accessKeys, region, now } = this.#options;
    const below = request.path.slice(FUNCTION_URL_PATH.length);
    const slash = below.indexOf('/');
    const name = decodeURIComponent(slash < 0 ? below : below.slice(0, slash));
    let accessKeyId: string;
    try {
      const scope = { region, service: 'lambda' };
      accessKeyId = await verifySignature(request, (id) => accessKeys.find(id), scope, now());
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return {
        status: error.status,
        headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.code },
        body: JSON.stringify({ Message: error.message }),
      };
    }
    const principal = accessKeys.find(accessKeyId)?.principal;
    if (principal === undefined) throw new Error('a verified signature has no key');
    const path = slash < 0 ? '/' : below.slice(slash);
    return urls.respond(name, { ...request, path }, { principal, accessKeyId });
  }
}
