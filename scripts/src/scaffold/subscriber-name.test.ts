import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../stack-files.ts';
import { checkEventName, knownEvent, knownStage } from './event-name.ts';
import { checkSubscriberName } from './subscriber-name.ts';

describe('the name of a new subscriber', () => {
  it.each(['scaffold-sample', 'audit', 'cards-in-use'])('may be %s', (name) => {
    expect(() => checkSubscriberName(ROOT, name)).not.toThrow();
  });

  it.each([
    ['Alerts', /small letters in words with a dash between/],
    ['../outside', /small letters/],
    ['fraud2', /small letters/],
    ['-x', /small letters/],
    ['ab', /has 2 characters, and a name has 3 to 20/],
    ['alerts-of-large-transactions', /has 28 characters/],
    ['enrich', /packages\/enrich exists; nothing is overwritten/],
    ['platform', /another package or stack has the name/],
    ['stage-kit', /another package or stack has the name/],
    ['posting-alerts', /of the stage posting could not be told apart/],
    ['account', /of the stage account-interface could not be told apart/],
  ])('may not be %s', (name, why) => {
    expect(() => checkSubscriberName(ROOT, name)).toThrow(why);
  });
});

describe('the name of an event', () => {
  it('is that of a contract, or the nearest is named', () => {
    expect(knownEvent('TransactionPosted')).toBe('TransactionPosted');
    expect(() => knownEvent('TransactionPostd')).toThrow('is TransactionPosted meant?');
    expect(() => knownEvent('X')).toThrow(/there are AuthorizationLogged, /);
  });

  it.each([
    ['alertRaised', /in words that begin with capitals/],
    ['Alert-Raised', /in words that begin with capitals/],
    ['TransactionPosted', /there is an event of the name/],
    [`A${'a'.repeat(60)}`, /has 61 characters/],
  ])('may not be %s for a new one', (name, why) => {
    expect(() => checkEventName(name)).toThrow(why);
    expect(() => checkEventName('AlertRaised')).not.toThrow();
  });

  it('is said by a stage that there is', () => {
    expect(knownStage('posting')).toBe('posting');
    expect(() => knownStage('postin')).toThrow('is posting meant?');
  });
});
