import { describe, expect, it } from '@jest/globals';
import { identifierOf } from '@payments/domain';
import type { TransactionAuthorizedRecord } from '@payments/schemas';
import { contracts } from '@payments/schemas/contracts';
import fc from 'fast-check';
import type { Claim, ParkedTransactions, SeenTransactions } from './ports.ts';
import { searchDuplicates } from './search-duplicates.ts';

/** An authorization of a transaction; the copy makes it another message of the same transaction. */
function authorization(transaction: number, copy: number, minorUnits: string): TransactionAuthorizedRecord {
  const transactionId = identifierOf('authorization', `${transaction}/${copy}`);
  return {
    transactionId,
    idempotencyKey: identifierOf('logged', transactionId),
    scheme: 'VISA',
    loggedAt: '2026-11-15T10:15:01Z',
    dedupKey: transaction.toString(16).padStart(64, '0'),
    card: { token: '9208948425451111', lastFour: '1111', scheme: 'VISA' },
    authorization: {
      mti: copy === 0 ? '0100' : '0101',
      messageClass: 'AUTHORIZATION',
      messageFunction: 'REQUEST',
      repeat: copy > 0,
      processingCode: '000000',
      amounts: { transaction: { minorUnits, currency: 'GBP' } },
      transmittedAt: '2026-11-15T10:15:00Z',
      stan: '100001',
      acquirerId: '412345',
      responseCode: '00',
      standIn: false,
      merchant: { name: 'CORNER FOODS', categoryCode: '5411' },
    },
  };
}

function memoryPorts() {
  const first = new Map<string, Claim>();
  const objects = new Map<string, object>();
  const seen: SeenTransactions = {
    claim: async (claims) =>
      claims.map((claim) => {
        const holder = first.get(claim.dedupKey);
        if (holder === undefined) first.set(claim.dedupKey, claim);
        if (holder === undefined || holder.owner === claim.owner) return { kind: 'first' };
        return { kind: 'taken', owner: holder.owner, amount: holder.amount };
      }),
  };
  const parked: ParkedTransactions = {
    park: async (name, content) => {
      objects.set(name, content);
      return { bucket: 'parked', key: name };
    },
  };
  return { ports: { seen, parked }, objects };
}

describe('the search for duplicates', () => {
  it('lets one message of each transaction pass and parks every other, also when messages come again', async () => {
    const message = fc.record({
      transaction: fc.nat(4),
      copy: fc.nat(2),
      amount: fc.constantFrom('2599', '2600'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(message, { maxLength: 8 }), { maxLength: 6 }), async (batches) => {
        const { ports, objects } = memoryPorts();
        const passed = new Map<string, Set<string>>();
        const parked = new Set<string>();
        const messages = new Set<string>();
        for (const batch of batches) {
          const records = batch.map(({ transaction, copy, amount }) =>
            authorization(transaction, copy + (amount === '2600' ? 10 : 0), amount),
          );
          const results = await searchDuplicates(records, ports);
          results.forEach((result, index) => {
            const record = records[index];
            if (record === undefined) return;
            messages.add(record.transactionId);
            if (result.kind === 'first') {
              expect(contracts.TransactionAuthorized.produces(result.authorized)).toBe(true);
              passed.set(
                record.dedupKey,
                (passed.get(record.dedupKey) ?? new Set()).add(record.transactionId),
              );
            } else if (result.kind === 'parked') {
              expect(contracts.DuplicateTransactionParked.produces(result.parked)).toBe(true);
              const { amount, firstAmount, reason } = result.parked;
              expect(reason).toBe(amount.minorUnits === firstAmount.minorUnits ? 'DUPLICATE' : 'CONFLICT');
              parked.add(record.transactionId);
            }
          });
        }
        expect([...passed.values()].every((ids) => ids.size === 1)).toBe(true);
        const first = new Set([...passed.values()].flatMap((ids) => [...ids]));
        expect([...first].some((id) => parked.has(id))).toBe(false);
        expect(first.size + parked.size).toBe(messages.size);
        expect(objects.size).toBe(parked.size);
      }),
    );
  });

  it('takes nothing for a duplicate when it is not known whether it is one', async () => {
    const { ports, objects } = memoryPorts();
    const cause = new Error('throttled');
    const unsure: SeenTransactions = {
      claim: async (claims) => claims.map(() => ({ kind: 'unknown', cause })),
    };
    const results = await searchDuplicates([authorization(1, 0, '1')], { ...ports, seen: unsure });
    expect(results).toEqual([{ kind: 'unknown', cause }]);
    expect(objects.size).toBe(0);
  });

  it('does not say that a transaction is parked before it is', async () => {
    const { ports } = memoryPorts();
    await searchDuplicates([authorization(1, 0, '1')], ports);
    const full: ParkedTransactions = { park: () => Promise.reject(new Error('no bucket')) };
    const [result] = await searchDuplicates([authorization(1, 1, '1')], { ...ports, parked: full });
    expect(result?.kind).toBe('unknown');
  });
});
