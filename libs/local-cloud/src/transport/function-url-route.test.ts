import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AwsError } from '../core/aws-error.ts';
import { type Bench, lambdaBench } from '../services/lambda/lambda-bench.ts';
import { SIMULATION_START } from '../services/sqs/simulated-context.ts';
import { AccessKeys, OWNER_ACCESS_KEY } from './access-keys.ts';
import { FunctionUrlRoute } from './function-url-route.ts';
import { HttpEndpoint } from './http-endpoint.ts';
import { RecordedCalls } from './recorded-calls.ts';
import { signRequest } from './request-signature.ts';

const ROLE = 'arn:aws:iam::000000000000:role/till';
const SCOPE = { region: 'eu-west-2', service: 'lambda' };
const MINUTE_MS = 60_000;

describe('a function URL on the HTTP endpoint', () => {
  const accessKeys = new AccessKeys();
  let bench: Bench;
  let http: HttpEndpoint;
  let url: URL;
  let seen: Record<string, unknown> | undefined;

  beforeEach(async () => {
    bench = lambdaBench({
      authorize: (caller) => {
        if (caller.kind !== 'owner' && caller.kind === 'role' && caller.arn !== ROLE)
          throw new AwsError('AccessDeniedException', 'no');
      },
    });
    seen = undefined;
    await bench.function('api', (event) => {
      seen = event as Record<string, unknown>;
      return { statusCode: 202, body: '{}' };
    });
    await bench.resource('aws_lambda_function_url', { function_name: 'api', authorization_type: 'AWS_IAM' });
    http = new HttpEndpoint({
      handleRequest: new RecordedCalls().handleRequest,
      accessKeys,
      flushed: () => Promise.resolve(),
      functionUrls: new FunctionUrlRoute({
        urls: bench.lambda.urls,
        accessKeys,
        region: SCOPE.region,
        now: () => bench.context.runtime.now(),
      }),
    });
    url = new URL(`${await http.listen(0)}/_lambda-url/api/authorizations/a%20b?x=1&x=2&y=%C3%A9`);
  });

  afterEach(() => http.close());

  const BODY = '{"amount":"1"}';
  const HEADERS = { 'content-type': 'application/json', 'idempotency-key': 'k  1' };

  async function post(
    change: {
      credentials?: { accessKeyId: string; secretAccessKey: string };
      at?: number;
      scope?: typeof SCOPE;
      body?: string;
      headers?: Record<string, string>;
      url?: URL;
      withoutSignature?: boolean;
    } = {},
  ): Promise<{ status: number; message: unknown }> {
    const unsigned = { method: 'POST', url, headers: HEADERS, body: BODY };
    const { authorization = '', ...signed } = await signRequest(
      unsigned,
      change.credentials ?? OWNER_ACCESS_KEY,
      change.scope ?? SCOPE,
      change.at ?? SIMULATION_START,
    );
    const { host: _, ...headers } = signed;
    const answer = await fetch(change.url ?? url, {
      method: 'POST',
      headers: {
        ...headers,
        ...(change.withoutSignature === true ? {} : { authorization }),
        ...change.headers,
      },
      body: change.body ?? BODY,
    });
    const { Message } = (await answer.json()) as { Message?: unknown };
    return { status: answer.status, message: Message };
  }

  it('takes what was signed with a known key, and knows who signed', async () => {
    expect(await post()).toMatchObject({ status: 202 });
    expect(seen).toMatchObject({
      rawPath: '/authorizations/a%20b',
      rawQueryString: 'x=1&x=2&y=%C3%A9',
      body: BODY,
      requestContext: { authorizer: { iam: { userArn: 'arn:aws:iam::000000000000:root' } } },
    });
    expect(await post({ credentials: accessKeys.issue(ROLE) })).toMatchObject({ status: 202 });
    expect(seen).toMatchObject({
      requestContext: {
        authorizer: { iam: { userArn: 'arn:aws:sts::000000000000:assumed-role/till/local' } },
      },
    });
  });

  it('takes a clock that is a little off', async () => {
    expect(await post({ at: SIMULATION_START - 4 * MINUTE_MS })).toMatchObject({ status: 202 });
  });

  it('refuses a role that may not invoke', async () => {
    const credentials = accessKeys.issue('arn:aws:iam::000000000000:role/other');
    expect(await post({ credentials })).toEqual({ status: 403, message: 'Forbidden' });
    expect(seen).toBeUndefined();
  });

  it.each([
    ['no signature', { withoutSignature: true }, /no Authorization/],
    ['no signature of this version', { headers: { authorization: 'Bearer x' } }, /no AWS4-HMAC-SHA256/],
    [
      'another secret',
      { credentials: { accessKeyId: 'local', secretAccessKey: 'guessed' } },
      /does not match/,
    ],
    [
      'an unknown key',
      { credentials: { accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'local' } },
      /token .* is invalid/,
    ],
    ['another body', { body: '{"amount":"2"}' }, /not the hash of the body/],
    ['another signed header', { headers: { 'idempotency-key': 'other' } }, /does not match/],
    ['a signature of yesterday', { at: SIMULATION_START - 24 * 60 * MINUTE_MS }, /expired/],
    ['a signature of the future', { at: SIMULATION_START + 6 * MINUTE_MS }, /expired, or is of the future/],
    ['a signature for another region', { scope: { ...SCOPE, region: 'eu-west-1' } }, /eu-west-2\/lambda/],
    ['a signature for another service', { scope: { ...SCOPE, service: 's3' } }, /eu-west-2\/lambda/],
  ])('refuses %s', async (_case, change, message) => {
    expect(await post(change)).toEqual({ status: 403, message: expect.stringMatching(message) });
    expect(seen).toBeUndefined();
  });

  it('refuses a signature for another path or query', async () => {
    for (const changed of [
      '/_lambda-url/api/other?x=1&x=2&y=%C3%A9',
      '/_lambda-url/api/authorizations/a%20b',
    ])
      expect(await post({ url: new URL(changed, url) })).toMatchObject({ status: 403 });
    expect(seen).toBeUndefined();
  });
});
