import { describe, expect, it } from '@jest/globals';
import type { AuthorizationLoggedRecord } from '@payments/schemas';
import { approved, lineWith, readingPorts, sampleLines, visaCard } from '../reading.fixture.ts';
import type { HttpRequest } from './http.ts';
import { BODY_BYTES_MAX, postAuthorization } from './post-authorization.ts';
import { HashingVault, RequestsInMemory } from './posted-requests.fixture.ts';

const REQUEST: HttpRequest = {
  method: 'POST',
  path: '/authorizations',
  headers: { 'content-type': 'application/json', 'idempotency-key': 'till-7/000001' },
  body: Buffer.from(lineWith({})),
  caller: 'arn:aws:sts::000000000000:assumed-role/till',
};

function setUp() {
  const published: AuthorizationLoggedRecord[] = [];
  const requests = new RequestsInMemory();
  const events = { publish: async (record: AuthorizationLoggedRecord) => void published.push(record) };
  const ports = { ...readingPorts(new HashingVault()), requests, events };
  const post = async (change: Partial<HttpRequest> = {}) => {
    const { statusCode, headers, body } = await postAuthorization({ ...REQUEST, ...change }, ports);
    return { statusCode, headers, body: JSON.parse(body) };
  };
  return { published, requests, ports, post };
}

describe('posting an authorization', () => {
  it('puts it on the bus with a token, and says which transaction it is', async () => {
    const { published, post } = setUp();
    const { statusCode, body } = await post();
    expect({ statusCode, body }).toEqual({
      statusCode: 202,
      body: { transactionId: published[0]?.transactionId, status: 'ACCEPTED' },
    });
    expect(published).toHaveLength(1);
    expect(JSON.stringify(published)).not.toContain(visaCard);
  });

  it('takes JSON as well', async () => {
    const { published, post } = setUp();
    const { authorization } = await approved({});
    const request = {
      scheme: 'VISA',
      loggedAt: '2026-11-15T10:15:01Z',
      card: { number: visaCard },
      authorization,
    };
    expect((await post({ body: Buffer.from(JSON.stringify(request, null, 2)) })).statusCode).toBe(202);
    expect(published).toHaveLength(1);
  });

  it('answers the same again to the same key and content, in whatever order its members are', async () => {
    const { published, post } = setUp();
    const first = await post();
    const reversed = Object.fromEntries(Object.entries(JSON.parse(lineWith({}))).reverse());
    const again = await post({ body: Buffer.from(JSON.stringify(reversed, null, 1)) });
    expect(again).toEqual(first);
    expect(published).toHaveLength(1);
  });

  it('refuses another content with the same key, and keeps the first', async () => {
    const { published, post } = setUp();
    const first = await post();
    const other = Buffer.from(lineWith({ line: { loggedAt: '2026-11-15T10:15:02Z' } }));
    expect(await post({ body: other })).toMatchObject({
      statusCode: 409,
      body: { error: { code: 'IDEMPOTENCY_KEY_REUSED' } },
    });
    expect(await post()).toEqual(first);
    expect(published).toHaveLength(1);
  });

  it('keeps the keys of callers apart', async () => {
    const { post, requests } = setUp();
    await post();
    const other = Buffer.from(lineWith({ line: { loggedAt: '2026-11-15T10:15:02Z' } }));
    const { statusCode } = await post({
      body: other,
      caller: 'arn:aws:sts::000000000000:assumed-role/other',
    });
    expect(statusCode).toBe(202);
    expect(requests.rows.size).toBe(2);
  });

  it('answers a declined one, puts nothing on the bus, and remembers it', async () => {
    const { published, post } = setUp();
    const declined = { body: Buffer.from(lineWith({ response: { 39: '51' } })) };
    const first = await post(declined);
    expect(first).toMatchObject({ statusCode: 200, body: { status: 'DECLINED' } });
    expect(await post(declined)).toEqual(first);
    expect((await post()).statusCode).toBe(409);
    expect(published).toEqual([]);
  });

  it.each([
    ['another path', { path: '/' }, 404, 'NOT_FOUND'],
    ['another method', { method: 'GET' }, 405, 'METHOD_NOT_ALLOWED'],
    [
      'text',
      { headers: { ...REQUEST.headers, 'content-type': 'text/plain' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'another charset',
      { headers: { ...REQUEST.headers, 'content-type': 'application/json; charset=latin1' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['no type', { headers: { 'idempotency-key': 'k' } }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['too much', { body: Buffer.alloc(BODY_BYTES_MAX + 1, ' ') }, 413, 'TOO_LARGE'],
    ['no key', { headers: { 'content-type': 'application/json' } }, 400, 'IDEMPOTENCY_KEY_MISSING'],
    [
      'an empty key',
      { headers: { ...REQUEST.headers, 'idempotency-key': '' } },
      400,
      'IDEMPOTENCY_KEY_MISSING',
    ],
    [
      'a long key',
      { headers: { ...REQUEST.headers, 'idempotency-key': 'k'.repeat(256) } },
      400,
      'IDEMPOTENCY_KEY_INVALID',
    ],
    [
      'a key with a blank',
      { headers: { ...REQUEST.headers, 'idempotency-key': 'a b' } },
      400,
      'IDEMPOTENCY_KEY_INVALID',
    ],
    ['no body', { body: Buffer.alloc(0) }, 400, 'NOT_JSON'],
    ['half a body', { body: Buffer.from('{"scheme":') }, 400, 'NOT_JSON'],
    ['bytes that are no UTF-8', { body: Buffer.from([0x22, 0xff, 0x22]) }, 400, 'NOT_JSON'],
    ['a list', { body: Buffer.from('[]') }, 422, 'INVALID_INPUT_LINE'],
    ['a number', { body: Buffer.from('4111111111111111') }, 422, 'INVALID_INPUT_LINE'],
  ])('refuses %s', async (_case, change, statusCode, code) => {
    const { published, requests, post } = setUp();
    const refused = await post(change);
    expect(refused).toMatchObject({ statusCode, body: { error: { code } } });
    expect(JSON.stringify(refused)).not.toMatch(/\d{12}/);
    expect(published).toEqual([]);
    expect(requests.rows.size).toBe(0);
  });

  it('says which member is wrong, and never repeats a card number', async () => {
    const { post } = setUp();
    const expected = [/not JSON/, /the request: .* at byte/, /wireProfile/, /DE43/];
    const bad = sampleLines('bad-lines.jsonl').slice(1, 5);
    for (const [index, line] of bad.entries()) {
      const { statusCode, body } = await post({ body: Buffer.from(line) });
      expect([400, 422]).toContain(statusCode);
      expect(body.error.message).toMatch(expected[index] ?? /never/);
    }
    const named = await post({ body: Buffer.from(`{"${visaCard}":1}`) });
    expect(named.statusCode).toBe(422);
    expect(JSON.stringify(named)).not.toContain(visaCard);
  });
});
