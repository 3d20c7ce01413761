import { describe, expect, it } from '@jest/globals';
import type { AuthorizationRequest } from '@payments/schemas';
import { approved, lineWith, mastercardCard, readOne, visaCard } from './reading.fixture.ts';

/** The request that says what an ISO 8583 pair of the fixture says. */
async function requestWith(
  change: (request: AuthorizationRequest) => unknown = (request) => request,
): Promise<string> {
  const { authorization } = await approved({});
  const request: AuthorizationRequest = {
    scheme: 'VISA',
    loggedAt: '2026-11-15T10:15:01Z',
    card: { number: visaCard },
    authorization,
  };
  return JSON.stringify(change(request));
}

const withAuthorization = (members: object) =>
  requestWith((request) => ({ ...request, authorization: { ...request.authorization, ...members } }));

describe('an authorization request in JSON', () => {
  it('becomes what the ISO 8583 pair becomes that says the same, and its duplicate', async () => {
    const fromPair = await approved({});
    const row = await readOne(await requestWith());
    if (row.outcome !== 'APPROVED') throw new Error(JSON.stringify(row));
    expect(row.record).toEqual({
      ...fromPair,
      transactionId: row.transactionId,
      idempotencyKey: row.record.idempotencyKey,
    });
    expect(row.record.dedupKey).toBe(fromPair.dedupKey);
    expect(row.transactionId).not.toBe(fromPair.transactionId);
  });

  it('has the same identity whatever the order of its members, and another for other content', async () => {
    const idOf = async (text: string) => (await readOne(text)).transactionId;
    const text = await requestWith();
    const reordered = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).reverse()));
    expect(reordered).not.toBe(text);
    expect(await idOf(reordered)).toBe(await idOf(text));
    expect(
      await idOf(await requestWith((request) => ({ ...request, loggedAt: '2026-11-15T10:15:02Z' }))),
    ).not.toBe(await idOf(text));
  });

  it('is declined when its response code says so, and leaves nothing but that', async () => {
    expect(await readOne(await withAuthorization({ responseCode: '51' }))).toMatchObject({
      outcome: 'DECLINED',
      responseCode: '51',
    });
  });

  it('keeps the sequence number of the card', async () => {
    const text = await requestWith((request) => ({
      ...request,
      card: { number: mastercardCard, sequenceNumber: '001' },
    }));
    expect(await readOne(text)).toMatchObject({
      record: { card: { sequenceNumber: '001', lastFour: mastercardCard.slice(-4) } },
    });
  });

  it.each([
    ['a member that the contract does not name', { cvv: '123' }, 'INVALID_INPUT_LINE', /authorization.*cvv/],
    [
      'a class that is not that of the message type',
      { messageClass: 'FINANCIAL' },
      'INVALID_INPUT_LINE',
      /messageClass/,
    ],
    [
      'a function that is not that of the message type',
      { messageFunction: 'ADVICE' },
      'INVALID_INPUT_LINE',
      /messageFunction/,
    ],
    [
      'a day that does not exist',
      { transmittedAt: '2026-02-30T00:00:00Z' },
      'INVALID_INPUT_LINE',
      /transmittedAt/,
    ],
    [
      'a currency that nobody knows',
      { amounts: { transaction: { minorUnits: '1', currency: 'XQQ' } } },
      'UNKNOWN_CURRENCY',
      /authorization\.amounts\.transaction\.currency/,
    ],
    [
      'no merchant id, without which nothing can be standardized',
      { merchant: { name: 'CORNER FOODS', categoryCode: '5411' } },
      'INVALID_INPUT_LINE',
      /authorization\.merchant\.id is missing/,
    ],
    [
      'its card number in a text',
      { merchant: { name: `CARD ${visaCard}`, categoryCode: '5411' } },
      'INVALID_INPUT_LINE',
      /merchant\.name/,
    ],
    [
      'its card number hidden in a text',
      { merchant: { id: 'M1', name: `A${visaCard.slice(0, 8)}.${visaCard.slice(8)}`, categoryCode: '5411' } },
      'PAN_IN_FREE_TEXT',
      /authorization\.merchant\.name/,
    ],
  ])('is unreadable with %s, and says where', async (_case, members, reason, explanation) => {
    const row = await readOne(await withAuthorization(members));
    expect(row).toMatchObject({
      outcome: 'UNREADABLE',
      reason,
      explanation: expect.stringMatching(explanation),
    });
    expect(JSON.stringify(row)).not.toContain(visaCard);
  });

  it('is unreadable without its card', async () => {
    const row = await readOne(await requestWith(({ card: _, ...request }) => request));
    expect(row).toMatchObject({ reason: 'INVALID_INPUT_LINE', explanation: expect.stringMatching(/card/) });
  });

  it('is told from an ISO 8583 pair by its members', async () => {
    expect((await readOne(lineWith({}))).outcome).toBe('APPROVED');
  });
});
