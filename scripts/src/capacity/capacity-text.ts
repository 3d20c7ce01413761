import { table } from '../text-table.ts';
import type { CapacityReport, Check, EnvironmentCapacity } from './capacity-report.ts';

/** How many limits are shown of each environment besides those that do not hold. */
const HOLDING_SHOWN = 5;
const LEFT = new Set([0, 1]);

/** The report as a person reads it. */
export function capacityText(report: CapacityReport): string {
  const { tps, region, quotasReadOn, quotasNote, environments } = report;
  return [
    `${number(tps)} transactions a second in ${region}; quotas read on ${quotasReadOn}`,
    ...environments.map((environment) => environmentText(environment, tps)),
    '',
    quotasNote,
  ].join('\n');
}

function environmentText(capacity: EnvironmentCapacity, tps: number): string {
  const { environment, recordedOn, current, checks, first, firstWhenWarm, holds } = capacity;
  const broken = checks.filter((each) => !each.holds && !each.upperBound);
  const shown = [
    ...checks.filter((each) => !each.holds),
    ...checks.filter((each) => each.holds).slice(0, HOLDING_SHOWN),
  ];
  const rows = shown.map((each) => [
    verdictOf(each),
    labelOf(each),
    number(each.needed),
    number(each.limit),
    number(each.holdsUpToTps),
  ]);
  const reached = `${labelOf(first)} is reached first, at ${number(first.holdsUpToTps)} a second`;
  return [
    '',
    `${environment} (recorded on ${recordedOn}${current ? '' : '; it delivers otherwise now: --measure runs it anew'})`,
    table(['', 'limit', 'needed', 'allowed', 'holds up to/s'], rows, LEFT),
    ...(first === firstWhenWarm
      ? []
      : [
          `Once the tables have served such a load: ${labelOf(firstWhenWarm)} is reached first, at ${number(firstWhenWarm.holdsUpToTps)} a second.`,
        ]),
    holds ? `Holds: ${reached}.` : `Does not hold ${number(tps)} a second: ${reached}. Change:`,
    ...broken.map(({ change }) => `  - ${change}`),
  ].join('\n');
}

function verdictOf({ holds, upperBound }: Check): string {
  if (upperBound) return holds ? 'at most' : 'maybe';
  return holds ? 'ok' : 'REACHED';
}

function labelOf({ service, name, of }: Check): string {
  return `${service}, ${name}${of === undefined ? '' : ` (${of})`}`;
}

function number(value: number): string {
  const digits = value < 10 ? 1 : 0;
  return value.toLocaleString('en-GB', { maximumFractionDigits: digits });
}
