import type { Damage } from './damage.ts';
import { LEDGER_DAMAGES } from './ledger-damages.ts';
import { LOST_EVENTS } from './lost-events.ts';

/** Every way in which a drill does damage, in the order of its table. */
export const DAMAGES: readonly Damage[] = [
  ...LOST_EVENTS,
  ...LEDGER_DAMAGES,
  {
    kind: 'lone-reversal',
    name: 'reversal-without-original',
    does: 'a reversal comes of a transaction that never does',
    foundAs: ['REVERSAL_WITHOUT_ORIGINAL'],
    curable: false,
  },
  {
    kind: 'closed-account',
    name: 'account-closed-meanwhile',
    does: 'the account is closed after the authorization, before it is enriched',
    foundAs: ['STALE_REFERENCE'],
    curable: false,
  },
];
