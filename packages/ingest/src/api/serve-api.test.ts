import { describe, expect, it } from '@jest/globals';
import { UnprocessedItemsError } from '../errors.ts';
import { lineWith, readingPorts } from '../reading.fixture.ts';
import { HashingVault, RequestsInMemory } from './posted-requests.fixture.ts';
import { serveApi } from './serve-api.ts';

const EVENT = {
  version: '2.0',
  rawPath: '/authorizations',
  headers: { 'Content-Type': 'application/json; charset=UTF-8', 'idempotency-key': 'k1' },
  requestContext: {
    http: { method: 'POST' },
    authorizer: { iam: { userArn: 'arn:aws:sts::000000000000:assumed-role/till/session-1' } },
  },
  body: lineWith({}),
  isBase64Encoded: false,
};

function setUp(publish: () => Promise<void> = async () => undefined) {
  const observed: unknown[] = [];
  const requests = new RequestsInMemory();
  const ports = { ...readingPorts(new HashingVault()), requests, events: { publish } };
  const serve = (event: unknown) =>
    serveApi(event, ports, {
      answered: (statusCode) => observed.push(statusCode),
      failed: (error) => observed.push(error),
    });
  return { observed, requests, serve };
}

describe('the function behind the URL', () => {
  it('answers an event of its URL, its body as text or base64', async () => {
    const { observed, serve } = setUp();
    const first = await serve(EVENT);
    expect(first).toMatchObject({ statusCode: 202, headers: { 'content-type': 'application/json' } });
    const encoded = { ...EVENT, body: Buffer.from(EVENT.body).toString('base64'), isBase64Encoded: true };
    expect(await serve(encoded)).toEqual(first);
    expect(observed).toEqual([202, 202]);
  });

  it('takes all sessions of a role for one caller', async () => {
    const { requests, serve } = setUp();
    const userArn = 'arn:aws:sts::000000000000:assumed-role/till/session-2';
    const { http } = EVENT.requestContext;
    await serve(EVENT);
    await serve({ ...EVENT, requestContext: { http, authorizer: { iam: { userArn } } } });
    expect(requests.rows.size).toBe(1);
  });

  it.each([
    ['nothing', undefined],
    ['another event', { lines: [] }],
    ['a request that nobody signed', { ...EVENT, requestContext: { http: { method: 'POST' } } }],
  ])('refuses %s', async (_case, event) => {
    expect(await setUp().serve(event)).toMatchObject({ statusCode: 403 });
  });

  it.each([
    ['what says that it may be tried again', new UnprocessedItemsError('vault', 1)],
    ['what AWS answers', Object.assign(new Error('throttled'), { $metadata: {} })],
  ])('asks to try again after %s', async (_case, error) => {
    const { observed, serve } = setUp(() => Promise.reject(error));
    expect(await serve(EVENT)).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } });
    expect(observed).toEqual([error, 503]);
  });

  it('fails for a defect, so that Lambda counts it', async () => {
    const { serve } = setUp(() => Promise.reject(new TypeError('x is not a function')));
    await expect(serve(EVENT)).rejects.toThrow(TypeError);
  });
});
