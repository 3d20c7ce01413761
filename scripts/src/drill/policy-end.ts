import type { Money, PatchRule } from '@payments/schemas';
import type { Damage } from './damage.ts';
import type { DrillCase } from './drill-cases.ts';

/** How a case may end. */
export type CaseEnd = 'patched' | 'proposed' | 'parked';

/**
 * How policy says that a case ends: read off the policy by the drill itself, and not by what it examines.
 *
 * @param damage what was done, as far as it is known to have been done by the drill
 */
export function endByPolicy(
  { type, atRisk }: Pick<DrillCase, 'type' | 'atRisk'>,
  rules: readonly PatchRule[],
  damage: Pick<Damage, 'curable'> | undefined,
): CaseEnd {
  const ofType = rules.filter((rule) => rule.type === type);
  const smallestFirst = ofType.toSorted((a, b) => capOf(a, atRisk) - capOf(b, atRisk));
  const rule = smallestFirst.find((each) => covers(each, atRisk)) ?? smallestFirst.at(-1);
  if (rule === undefined || rule.action === 'NONE' || !rule.automatic) return 'parked';
  if (damage?.curable === false || !covers(rule, atRisk)) return 'parked';
  if (rule.fourEyesAbove === undefined) return 'patched';
  const threshold = rule.fourEyesAbove.find(({ currency }) => currency === atRisk?.currency);
  const isBelow =
    threshold !== undefined &&
    atRisk !== undefined &&
    BigInt(atRisk.minorUnits) < BigInt(threshold.minorUnits);
  return isBelow ? 'patched' : 'proposed';
}

/** How a case has ended; undefined while it has not. */
export function endOf({ state }: Pick<DrillCase, 'state'>): CaseEnd | undefined {
  if (state === 'PATCHED' || state === 'CLOSED') return 'patched';
  if (state === 'PROPOSED') return 'proposed';
  return state === 'PARKED' ? 'parked' : undefined;
}

function covers({ amountMax }: PatchRule, amount: Money | undefined): boolean {
  if (amountMax === undefined) return true;
  const cap = amountMax.find(({ currency }) => currency === amount?.currency);
  return cap !== undefined && amount !== undefined && BigInt(amount.minorUnits) <= BigInt(cap.minorUnits);
}

/** The cap in the currency of the amount, for comparing rules; without caps there is none. */
function capOf({ amountMax }: PatchRule, amount: Money | undefined): number {
  if (amountMax === undefined) return Number.MAX_VALUE;
  return Number(amountMax.find(({ currency }) => currency === amount?.currency)?.minorUnits ?? 0);
}
