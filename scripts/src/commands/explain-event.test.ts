import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { explainEvent } from './explain-event.ts';
import type { JsonRecord } from './transaction-rows.ts';

const SCHEMAS = fileURLToPath(new URL('../../../schemas/', import.meta.url));
const EVENTS = globSync('events/*.json', { cwd: SCHEMAS }).map((file) => ({
  name: (JSON.parse(readFileSync(SCHEMAS + file, 'utf8')) as { title: string }).title,
  examples: globSync(`examples/${file.slice('events/'.length, -'.json'.length)}/accepted/*.json`, {
    cwd: SCHEMAS,
  }),
}));

describe('what is said of an event', () => {
  it.each(EVENTS)('$name says what was decided, for every example of the contract', ({ name, examples }) => {
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const { records } = JSON.parse(readFileSync(SCHEMAS + example, 'utf8')) as { records: JsonRecord[] };
      for (const record of records) {
        const { decision, because } = explainEvent(name, record);
        expect(decision).not.toBe(name);
        expect([decision, ...because].join('\n')).not.toMatch(/undefined|\[object|null/);
      }
    }
  });

  it('names the rule that refused, its version and what it looked at', () => {
    const refusal = {
      ruleId: 'card-blocked',
      ruleVersion: 2,
      reason: 'CARD_BLOCKED',
      explanation: 'The card is blocked.',
      values: [{ path: 'card.status', value: 'BLOCKED' }],
    };
    expect(explainEvent('TransactionPostingRejected', { refusal, ruleSetVersion: '7' })).toEqual({
      decision: 'refused by rule set 7: CARD_BLOCKED',
      because: ['rule card-blocked v2: The card is blocked. · card.status = BLOCKED'],
    });
  });

  it('shows the end of an account number, and of an IBAN, only', () => {
    const account = { accountId: 'ACC-0001', number: '31926847', iban: 'GB87PYMT40120731926847' };
    const { because } = explainEvent('TransactionEnriched', { outcome: 'COMPLETE', account });
    expect(because.join()).toContain('••••6847');
    expect(because.join()).not.toContain('31926847');
  });

  it('says the name of an event that it does not know, and needs no member to be there', () => {
    expect(explainEvent('SomethingNew', {})).toEqual({ decision: 'SomethingNew', because: [] });
    for (const { name } of EVENTS) expect(() => explainEvent(name, {})).not.toThrow();
  });
});
