import { describe, expect, it } from '@jest/globals';
import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { WireRequest } from '../../transport/wire.ts';
import { lambdaBench, type TestHandler } from './lambda-bench.ts';

const ROLE_ARN = 'arn:aws:iam::000000000000:role/till';
const CALLER = { principal: { kind: 'role', arn: ROLE_ARN } as const, accessKeyId: 'ASIALOCAL1' };
const REQUEST: WireRequest = {
  method: 'POST',
  path: '/authorizations',
  query: {},
  rawQuery: 'a=1&a=2',
  headers: { 'content-type': 'application/json', 'user-agent': 'till/1', cookie: 'x=1; y=2' },
  body: '{"é":1}',
};

async function benchWith(handler: TestHandler, options: Parameters<typeof lambdaBench>[0] = {}, args = {}) {
  const bench = lambdaBench(options);
  await bench.function('api', handler, args);
  const url = await bench.resource('aws_lambda_function_url', {
    function_name: 'api',
    authorization_type: 'AWS_IAM',
  });
  return { bench, url };
}

describe('a function URL', () => {
  it('gives the function an event of payload format 2.0', async () => {
    let event: JsonObject = {};
    const { bench, url } = await benchWith((given) => {
      event = given as JsonObject;
      return { statusCode: 202, headers: { 'Retry-After': 3 }, body: 'é' };
    });
    expect(url).toMatchObject({
      function_url: expect.stringMatching(/^https:\/\/[a-z0-9]{32}\.lambda-url\.eu-west-2\.on\.aws\/$/),
    });
    const answer = await bench.lambda.urls.respond('api', REQUEST, CALLER);
    expect(answer).toEqual({
      status: 202,
      headers: { 'content-type': 'application/json', 'retry-after': '3' },
      body: 'é',
    });
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/authorizations',
      rawQueryString: 'a=1&a=2',
      queryStringParameters: { a: '1,2' },
      cookies: ['x=1', 'y=2'],
      headers: { 'content-type': 'application/json' },
      body: '{"é":1}',
      isBase64Encoded: false,
      requestContext: {
        apiId: url['url_id'],
        authorizer: {
          iam: {
            accessKey: 'ASIALOCAL1',
            userArn: 'arn:aws:sts::000000000000:assumed-role/till/local',
          },
        },
        http: { method: 'POST', path: '/authorizations', userAgent: 'till/1' },
        time: '22/Nov/2026:00:00:00 +0000',
      },
    });
  });

  it('gives a body that is no text as base64', async () => {
    const { bench } = await benchWith((event) => event);
    const bytes = Buffer.from([0, 255]).toString('base64');
    const answer = await bench.lambda.urls.respond(
      'api',
      { ...REQUEST, headers: {}, body: bytes, bodyEncoding: 'base64' },
      CALLER,
    );
    expect(JSON.parse(answer.body)).toMatchObject({ body: bytes, isBase64Encoded: true });
    expect(answer.status).toBe(200);
  });

  it('answers a failure of the function with 502, and one that is too busy with 429', async () => {
    const { bench } = await benchWith(() => {
      throw new Error('secret');
    });
    const failed = await bench.lambda.urls.respond('api', REQUEST, CALLER);
    expect(failed).toMatchObject({ status: 502, body: '{"Message":"Internal Server Error"}' });
    const busy = await benchWith(() => null, {}, { reserved_concurrent_executions: 0 });
    expect((await busy.bench.lambda.urls.respond('api', REQUEST, CALLER)).status).toBe(429);
  });

  it.each(['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'])('needs %s', async (missing) => {
    let calls = 0;
    const { bench } = await benchWith(
      () => {
        calls += 1;
      },
      {
        authorize: (_caller, action) => {
          if (action === missing) throw new AwsError('AccessDeniedException', 'no');
        },
      },
    );
    expect((await bench.lambda.urls.respond('api', REQUEST, CALLER)).status).toBe(403);
    expect(calls).toBe(0);
  });

  it('is not there for a function without one', async () => {
    const bench = lambdaBench();
    await bench.function('plain', () => null);
    expect((await bench.lambda.urls.respond('plain', REQUEST, CALLER)).status).toBe(403);
    await expect(
      bench.lambda.call('GetFunctionUrlConfig', { FunctionName: 'plain' }, { kind: 'owner' }),
    ).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it.each([
    ['without a signature', { authorization_type: 'NONE' }],
    ['that streams', { authorization_type: 'AWS_IAM', invoke_mode: 'RESPONSE_STREAM' }],
    ['of an alias', { authorization_type: 'AWS_IAM', qualifier: 'live' }],
  ])('%s is refused by name', async (_case, args) => {
    const bench = lambdaBench();
    await bench.function('api', () => null);
    await expect(
      bench.resource('aws_lambda_function_url', { function_name: 'api', ...args }),
    ).rejects.toThrow(/api/);
  });
});
