import { describe, expect, it } from '@jest/globals';
import { NO_FAULTS } from '@payments/local-cloud';
import type { LostEvent } from './damage.ts';
import { LosingFaults } from './losing-faults.ts';
import { LOST_EVENTS } from './lost-events.ts';

const lostEvent = (name: string) => LOST_EVENTS.find((each) => each.name === name) as LostEvent;

function delivered(stage: string, event: string, transactionIds: readonly string[], number = 1) {
  const records = transactionIds.map((transactionId) => ({
    transactionId,
    entry: { sequence: { number, count: 2 } },
  }));
  const text = JSON.stringify({ 'detail-type': event, detail: { metadata: {}, records } });
  return { rule: `rule of ${stage}`, target: 'subscriber', text };
}

/** The same event as an archive gives it again, or as it follows from one that an archive gave again. */
function replayed({ text, ...others }: ReturnType<typeof delivered>) {
  const event = JSON.parse(text) as Record<string, object>;
  const following = { ...event, detail: { ...event['detail'], metadata: { replay: 'again' } } };
  return [{ ...event, 'replay-name': 'again' }, following].map((each) => ({
    ...others,
    text: JSON.stringify(each),
  }));
}

function losing(damage: string, transactionIds: readonly string[]): LosingFaults {
  const faults = new LosingFaults(NO_FAULTS, (stage) => `rule of ${stage}`);
  faults.lose(lostEvent(damage), transactionIds);
  faults.enabled = true;
  return faults;
}

describe('a lost event', () => {
  it('is lost on its way to its stage, and to no other', () => {
    const faults = losing('lost-before-rules', ['0001-a']);
    expect(faults.deliveries(delivered('rules', 'TransactionEnriched', ['0001-a']))).toBe(0);
    expect(faults.deliveries(delivered('reconcile', 'TransactionEnriched', ['0001-a']))).toBe(1);
    expect(faults.deliveries(delivered('rules', 'TransactionEnriched', ['0002-b']))).toBe(1);
    expect(faults.deliveries(delivered('rules', 'TransactionAuthorized', ['0001-a']))).toBe(1);
    expect(faults.lost).toEqual(new Map([['lost-before-rules', new Set(['0001-a'])]]));
  });

  it('takes with it what travels in the same event', () => {
    const faults = losing('lost-before-rules', ['0001-a']);
    expect(faults.deliveries(delivered('rules', 'TransactionEnriched', ['0002-b', '0001-a']))).toBe(0);
    const both = new Set(['0001-a', '0002-b']);
    expect(faults.lost.get('lost-before-rules')).toEqual(both);
    expect(faults.lostTogether).toEqual(new Map([...both].map((id) => [id, both])));
  });

  it('is one entry of a sequence where one is meant', () => {
    const faults = losing('lost-entry', ['0001-a']);
    const kept = [1, 2].map((number) =>
      faults.deliveries(delivered('posting', 'PostingEntryCreated', ['0001-a'], number)),
    );
    expect(kept.toSorted()).toEqual([0, 1]);
  });

  it('comes through when it is given once more, and so does what follows from that', () => {
    const faults = losing('lost-before-rules', ['0001-a']);
    for (const event of replayed(delivered('rules', 'TransactionEnriched', ['0001-a'])))
      expect(faults.deliveries(event)).toBe(1);
  });

  it('comes through once losing is over', () => {
    const faults = losing('lost-before-rules', ['0001-a']);
    faults.enabled = false;
    expect(faults.deliveries(delivered('rules', 'TransactionEnriched', ['0001-a']))).toBe(1);
  });
});
