import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PostingInput as isPostingInput } from '@payments/schemas/closed/posting-input';
import fc from 'fast-check';
import { compileMapping } from '../compile-mapping.ts';
import { type CompleteSequence, completeSequenceOf } from '../complete-sequence.ts';
import { postedSequenceOf, sequenceRowOf } from '../ledger-row.ts';
import canonical from '../mappings/canonical.json' with { type: 'json' };
import type { BookedSequences, Clock, PostingResult } from '../ports.ts';
import { completeSequence, correctionOf } from '../sequence.fixture.ts';
import { type Behaviour, CoreServer, referenceOf } from './core-server.fixture.ts';
import { HttpCore } from './http-core.ts';
import { type CoreSettings, HttpCoreClient } from './http-core-client.ts';
import { SecretsExtensionToken } from './secrets-extension-token.ts';

const MINUTE_MS = 60_000;
/** The core's patience and ours are short here, so that a slow answer does not make a slow test. */
const SETTINGS = { timeoutMilliseconds: 250, attempts: 4, failuresToOpen: 100, openMilliseconds: 500 };
/** The real clock, with pauses a tenth as long. */
const clock: Clock = { now: () => Date.now(), sleep: (milliseconds) => sleep(milliseconds / 10) };
const { mapping, write } = compileMapping(canonical);

/** What a core has acknowledged, in memory. */
function acknowledgements() {
  const rows = new Map<string, ReturnType<typeof sequenceRowOf>>();
  const books: BookedSequences = {
    book: async (bookings) =>
      bookings.map(({ sequence, postingReference }) => {
        const row = rows.get(sequence.sequenceId) ?? sequenceRowOf(sequence, postingReference);
        rows.set(sequence.sequenceId, row);
        return { kind: 'posted', posted: postedSequenceOf(row) };
      }),
    find: async (ids) =>
      new Map(
        ids.flatMap((id) => {
          const row = rows.get(id);
          return row === undefined ? [] : [[id, postedSequenceOf(row)] as const];
        }),
      ),
  };
  return { rows, books };
}

let server: CoreServer;
let url: string;
beforeEach(async () => {
  server = new CoreServer();
  url = await server.listen();
});
afterEach(() => server.close());

function coreWith(
  settings: Partial<CoreSettings> = {},
  acknowledged = acknowledgements().books,
  token?: SecretsExtensionToken,
) {
  return new HttpCore({
    client: new HttpCoreClient({ ...SETTINGS, url, ...settings }, mapping.answer, clock, token),
    write,
    acknowledged,
    deliveryMode: 'batch',
    clock,
    budgetMilliseconds: 5_000,
  });
}

const one = completeSequence('A', [2599]);
const referenced = (sequence: CompleteSequence) => ({
  kind: 'posted',
  posted: {
    sequence: { id: sequence.sequenceId, count: sequence.entries.length },
    postingReference: referenceOf(sequence.sequenceId),
  },
});

async function postOne(
  script: readonly Behaviour[],
  settings: Partial<CoreSettings> = {},
): Promise<PostingResult | undefined> {
  server.script.push(...script);
  const [result] = await coreWith(settings).post([one]);
  return result;
}

describe('a core behind HTTP', () => {
  it('is given the posting input of the contract under the sequence id, and its reference is kept', async () => {
    expect(await postOne([])).toMatchObject(referenced(one));
    const [call] = server.calls;
    expect(call?.key).toBe(one.sequenceId);
    expect(isPostingInput(JSON.parse(call?.body ?? ''))).toBe(true);
    expect(call?.authorization).toBeUndefined();
  });

  it.each<Behaviour>([
    'slow',
    'error',
    'reset',
    'garbage',
    'busy',
    'unauthorized',
    'in-progress',
    'book-and-lose',
    'book-and-reset',
    'book-and-garbage',
  ])('is asked again after "%s", and has booked once', async (behaviour) => {
    expect(await postOne([behaviour])).toMatchObject(referenced(one));
    expect([...server.booked.keys()]).toEqual([one.sequenceId]);
    expect(server.calls.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });

  it.each<Behaviour>(['slow', 'error', 'reset', 'garbage', 'busy', 'unauthorized', 'in-progress'])(
    'is not known to have booked when it answers "%s" to every attempt',
    async (behaviour) => {
      const result = await postOne([behaviour, behaviour, behaviour, behaviour]);
      expect(result).toMatchObject({ kind: 'unknown', cause: { code: 'POSTING_UNKNOWN', retryable: true } });
      expect(server.calls.filter(({ method }) => method === 'POST')).toHaveLength(SETTINGS.attempts);
    },
  );

  it('is asked by reference when it says that it knows a posting and no more', async () => {
    server.taciturn = true;
    expect(await postOne(['book-and-lose'])).toMatchObject(referenced(one));
    expect(server.calls.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET']);
  });

  it('is believed when it says that it knows a posting and cannot be asked', async () => {
    server.taciturn = true;
    server.answersGet = false;
    expect(await postOne(['book-and-lose'])).toMatchObject({
      kind: 'posted',
      posted: { postingReference: one.sequenceId },
    });
  });

  it('refuses for good, with its reason and without what looks like a card number', async () => {
    server.refuses = 'ACC-A';
    expect(await postOne([])).toEqual({
      kind: 'refused',
      reason: 'ACCOUNT_CLOSED',
      explanation: 'card ******************* is closed',
    });
    expect(server.calls.map(({ method }) => method)).toEqual(['POST', 'GET']);
  });

  it('is not taken to refuse what it has booked before, when it takes the same again for something else', async () => {
    expect(await postOne(['book-and-lose'], { attempts: 1 })).toMatchObject({ kind: 'unknown' });
    server.refuses = 'ACC-A';
    expect(await postOne([])).toMatchObject(referenced(one));
    expect(server.booked.size).toBe(1);
  });

  it('is believed when it refuses and cannot be asked', async () => {
    server.refuses = 'ACC-A';
    server.answersGet = false;
    expect(await postOne([])).toMatchObject({ kind: 'refused', reason: 'ACCOUNT_CLOSED' });
  });

  it('is named with the last thing that happened when nothing is known', async () => {
    const result = await postOne(['reset', 'garbage', 'unauthorized', 'error']);
    expect(result).toMatchObject({ cause: { message: expect.stringContaining('status 500') } });
  });

  it('is not asked again sooner than it asks for', async () => {
    server.retryAfter = '3600';
    expect(await postOne(['busy'])).toMatchObject({ kind: 'unknown' });
    expect(server.calls).toHaveLength(1);
  });

  it('is not asked for what does not balance, nor for what it has acknowledged', async () => {
    const { books } = acknowledgements();
    await coreWith({}, books).post([one]);
    const unbalanced = {
      ...one,
      sequenceId: 'x',
      controlTotals: { ...one.controlTotals, currencies: [{ currency: 'GBP', debits: '1', credits: '2' }] },
    };
    const other = { ...one, controlTotals: { ...one.controlTotals, hashTotal: '999' } };
    const results = await coreWith({}, books).post([one, unbalanced, other]);
    expect(results).toMatchObject([
      referenced(one),
      { kind: 'refused', reason: 'UNBALANCED' },
      { kind: 'refused', reason: 'BOOKED_DIFFERENTLY' },
    ]);
    expect(server.calls).toHaveLength(1);
  });

  it('is given a correction as a posting that names what it corrects, and judges its sums itself', async () => {
    const { books } = acknowledgements();
    const correction = completeSequenceOf(correctionOf(one, 'a', [{ accountId: 'ACC-A', net: 7 }]));
    const core = coreWith({}, books);
    expect(await core.post([correction])).toMatchObject([{ kind: 'refused', reason: 'CORRECTS_NOTHING' }]);
    expect(server.calls).toHaveLength(0);
    await core.post([one]);
    expect(await core.post([correction])).toMatchObject([
      { kind: 'posted', posted: { correction: correction.correction } },
    ]);
    const sent: unknown = JSON.parse(server.calls[1]?.body ?? '');
    expect(isPostingInput(sent)).toBe(true);
    expect(sent).toMatchObject({ header: { correctionOf: one.sequenceId } });
  });

  it('need not be asked to keep once more what it has acknowledged, under the reference that it has', async () => {
    const { books } = acknowledgements();
    const kept: string[] = [];
    const watched: BookedSequences = {
      ...books,
      book: (bookings) => {
        kept.push(...bookings.map(({ postingReference }) => postingReference));
        return books.book(bookings);
      },
    };
    await coreWith({}, watched).post([one]);
    await coreWith({}, watched).post([one]);
    expect(kept).toEqual([referenceOf(one.sequenceId), referenceOf(one.sequenceId)]);
    expect(server.calls).toHaveLength(1);
  });

  it('answers for each when what it has acknowledged cannot be read or kept', async () => {
    const failing: BookedSequences = {
      find: () => Promise.reject(new Error('no table')),
      book: () => Promise.reject(new Error('no table')),
    };
    expect(await coreWith({}, failing).post([one])).toMatchObject([{ kind: 'unknown' }]);
    const full: BookedSequences = { ...acknowledgements().books, book: failing.book };
    expect(await coreWith({}, full).post([one, completeSequence('B', [1])])).toMatchObject([
      { kind: 'unknown' },
      { kind: 'unknown' },
    ]);
    expect(server.booked.size).toBe(2);
  });

  it('is left alone after failures one upon another, then tried by one call, and used again', async () => {
    const core = coreWith({ attempts: 1, failuresToOpen: 3 });
    const many = Array.from({ length: 6 }, (_, index) => completeSequence(`C${index}`, [100]));
    server.script.push('error', 'error', 'error');
    for (const sequence of many.slice(0, 3))
      expect(await core.post([sequence])).toMatchObject([{ kind: 'unknown' }]);
    expect((await core.post(many)).map(({ kind }) => kind)).toEqual(many.map(() => 'unknown'));
    expect(server.calls).toHaveLength(3);
    await sleep(SETTINGS.openMilliseconds + 100);
    server.script.push('error');
    expect(await core.post(many.slice(0, 1))).toMatchObject([{ kind: 'unknown' }]);
    expect(await core.post(many.slice(0, 1))).toMatchObject([{ kind: 'unknown' }]);
    expect(server.calls).toHaveLength(4);
    await sleep(SETTINGS.openMilliseconds + 100);
    expect((await core.post(many)).map(({ kind }) => kind)).toEqual(many.map(() => 'posted'));
    expect(server.booked.size).toBe(many.length);
  });

  it(
    'books each sequence once however it misbehaves, and every result is right in the end',
    async () => {
      const behaviours = fc.constantFrom<Behaviour>(
        ...(['ok', 'ok', 'reset', 'error', 'garbage', 'busy', 'in-progress', 'unauthorized'] as const),
        ...(['book-and-reset', 'book-and-garbage', 'book-and-lose', 'slow'] as const),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(behaviours, { maxLength: 16 }),
          fc.integer({ min: 1, max: 10 }),
          fc.boolean(),
          async (script, count, taciturn) => {
            server.booked.clear();
            server.script.splice(0, server.script.length, ...script);
            server.taciturn = taciturn;
            const { books, rows } = acknowledgements();
            const core = coreWith(
              { timeoutMilliseconds: 30, attempts: 2, failuresToOpen: 4, openMilliseconds: 5 },
              books,
            );
            const sequences = Array.from({ length: count }, (_, index) =>
              completeSequence(`P${index}`, [index + 1]),
            );
            const ended = new Map<string, PostingResult>();
            let waiting = sequences;
            // What is not known comes again, as the queue would give it.
            while (waiting.length > 0) {
              const results = await core.post(waiting);
              waiting.forEach(({ sequenceId }, index) => {
                const result = results[index];
                if (result !== undefined && result.kind !== 'unknown') ended.set(sequenceId, result);
              });
              waiting = waiting.filter(({ sequenceId }) => !ended.has(sequenceId));
            }
            expect([...server.booked.keys()].sort()).toEqual(
              sequences.map(({ sequenceId }) => sequenceId).sort(),
            );
            for (const sequence of sequences)
              expect(ended.get(sequence.sequenceId)).toMatchObject(referenced(sequence));
            expect(rows.size).toBe(count);
          },
        ),
        { numRuns: 40 },
      );
    },
    MINUTE_MS,
  );
});

describe('the token from the secrets extension', () => {
  const extension = createServer((request, response) => {
    const known = request.headers['x-aws-parameters-secrets-token'] === 'session';
    const asked = request.url === '/secretsmanager/get?secretId=payments%2Fcore-token';
    response.writeHead(known && asked ? 200 : 400).end(JSON.stringify({ SecretString: 'secret-1\n' }));
  });
  let extensionUrl: string;
  beforeEach(async () => {
    await new Promise<void>((resolve) => extension.listen(0, '127.0.0.1', resolve));
    extensionUrl = `http://127.0.0.1:${(extension.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    extension.closeAllConnections();
    await new Promise((resolve) => extension.close(resolve));
  });

  it('goes with every call', async () => {
    const token = new SecretsExtensionToken('payments/core-token', 'session', extensionUrl);
    expect(await coreWith({}, undefined, token).post([one])).toMatchObject([referenced(one)]);
    expect(server.calls[0]?.authorization).toBe('Bearer secret-1');
  });

  it('is missing: nothing is sent, and nothing of the secret is said', async () => {
    const token = new SecretsExtensionToken('payments/core-token', undefined, extensionUrl);
    const [result] = await coreWith({}, undefined, token).post([one]);
    expect(result).toMatchObject({ kind: 'unknown' });
    expect(JSON.stringify(result)).not.toContain('secret-1');
    expect(server.calls).toHaveLength(0);
  });
});
