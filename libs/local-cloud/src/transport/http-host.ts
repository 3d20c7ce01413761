import type { WireRequest } from './wire.ts';

const REGIONAL_S3 = /^(?:(?<bucket>.+)\.)?s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/;
const LOCAL = /^(?:(?<bucket>[^:]+)\.)?(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;
const CREDENTIAL_SCOPE = /Credential=[^/]+\/\d{8}\/[^/]+\/(?<service>[^/]+)\/aws4_request/;

/** The bucket that the host names (virtual-hosted style), if it names one. */
export function bucketInHost(request: WireRequest): string | undefined {
  const host = request.headers['host'] ?? '';
  return (REGIONAL_S3.exec(host) ?? LOCAL.exec(host))?.groups?.['bucket'];
}

/** The service that a request says it is for: by its signature's scope, or else by its host. */
export function serviceNamed(request: WireRequest): string | undefined {
  const scope = CREDENTIAL_SCOPE.exec(request.headers['authorization'] ?? '');
  if (scope !== null) return scope.groups?.['service'];
  const inQuery = request.query['X-Amz-Credential']?.split('/')[3];
  if (inQuery !== undefined) return inQuery;
  const host = request.headers['host'] ?? '';
  if (REGIONAL_S3.test(host)) return 's3';
  return host.endsWith('.amazonaws.com') ? host.split('.')[0] : undefined;
}
