import type { JsonValue } from '../../../../core/aws-error.ts';
import type { Fields } from '../fields.ts';
import { RuntimeFault } from '../states-error.ts';
import type { Surroundings } from '../surroundings.ts';
import { compileNumberField } from './numbers-at-run-time.ts';

/** How many items of so many may fail; undefined when the Map state tolerates none and fails as its item does. */
export type Tolerance = (input: JsonValue, around: Surroundings, items: number) => number | undefined;

/** ToleratedFailureCount and ToleratedFailurePercentage, as numbers or paths: the stricter one counts. */
export function compileTolerance(fields: Fields): Tolerance {
  const count = compileNumberField(fields, 'ToleratedFailureCount', 0);
  const percentage = compileNumberField(fields, 'ToleratedFailurePercentage', 0, 'float');
  if (count === undefined && percentage === undefined) return () => undefined;
  return (input, around, items) => {
    const most = count?.(input, around) ?? Number.POSITIVE_INFINITY;
    if (most < 0) throw new RuntimeFault('ToleratedFailureCount cannot be negative.');
    const share = percentage?.(input, around) ?? 100;
    if (share < 0 || share > 100) {
      throw new RuntimeFault('ToleratedFailurePercentage must be between 0 and 100.');
    }
    return Math.min(most, Math.floor((items * share) / 100));
  };
}
