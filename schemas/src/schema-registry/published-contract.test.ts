import { describe, expect, it } from '@jest/globals';
import { readContractSet } from '../compatibility/contract-set.ts';
import { PRESENT } from '../compatibility/released-contracts.ts';
import type { SchemaObject } from '../load-schemas.ts';
import { CONTENT_LENGTH_MAX, ContractTooLargeError, publishedContract } from './published-contract.ts';

const POSTED = 'events/transaction-posted.v1.json';
const contracts = readContractSet(PRESENT);

/** The contracts with another description of TransactionPosted. */
function described(description: string): typeof contracts {
  return new Map([...contracts, [POSTED, { ...contracts.get(POSTED), description } as SchemaObject]]);
}

describe('a published contract', () => {
  it('is what was released, under the name by which tools look for it', () => {
    const published = publishedContract('TransactionPosted', 'posting', {
      released: contracts,
      present: contracts,
    });
    expect(published).toMatchObject({
      name: 'payments.posting@TransactionPosted',
      description: contracts.get(POSTED)?.['description'],
      type: 'OpenApi3',
    });
    expect(JSON.parse(published?.content ?? '')).toMatchObject({
      openapi: '3.0.0',
      info: { title: 'TransactionPosted', version: '1.0.0' },
    });
  });

  it('stays what was released when it is changed, and says that it is changed', () => {
    const before = publishedContract('TransactionPosted', 'posting', {
      released: contracts,
      present: contracts,
    });
    const after = publishedContract('TransactionPosted', 'posting', {
      released: contracts,
      present: described('Booked.'),
    });
    expect(after?.content).toBe(before?.content);
    expect(after?.description).toBe(
      `${before?.description} Changed since in ways that are not released yet.`,
    );
  });

  it('is not there for an event that is not released', () => {
    const released = new Map([...contracts].filter(([path]) => path !== POSTED));
    expect(
      publishedContract('TransactionPosted', 'posting', { released, present: contracts }),
    ).toBeUndefined();
  });

  it('is refused when the registry would not take it', () => {
    const released = described('x'.repeat(CONTENT_LENGTH_MAX));
    const publish = (): unknown =>
      publishedContract('TransactionPosted', 'posting', { released, present: contracts });
    expect(publish).toThrow(ContractTooLargeError);
    expect(publish).toThrow(/^the contract payments\.posting@TransactionPosted has \d{6} characters/);
  });
});
