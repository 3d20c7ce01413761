import { table } from '../text-table.ts';
import type { LineKind } from './cost-lines.ts';
import type { CostReport, RunCost } from './cost-report.ts';

const UNVERIFIED = '*';

/** The report as a person reads it: one line for each unit, the runs side by side. */
export function costText(report: CostReport): string {
  const { transactions, perMonth, region, runs, seed } = report;
  const head = ['', ...runs.map(({ environment }) => environment)];
  const rows = [
    ...section('counted by the local cloud', 'counted', runs),
    ['  together', ...runs.map(({ countedUsd }) => dollars(countedUsd))],
    [''],
    ...section('estimated, not counted', 'estimated', runs),
    ['  data transfer', ...runs.map(() => dollars(report.dataTransferUsd))],
    ['  together', ...runs.map(({ estimatedUsd }) => dollars(estimatedUsd))],
    [''],
    ['total', ...runs.map(({ totalUsd }) => dollars(totalUsd))],
    ['per million', ...runs.map(({ usdPerMillion }) => dollars(usdPerMillion))],
    [
      `of the seed's ${dollars(seed.usdPerMillion)} per million`,
      ...runs.map(({ partOfSeed }) => `${Math.round(partOfSeed * 100)}%`),
    ],
  ];
  const first = runs[0];
  return [
    `USD for ${number(transactions)} transactions of ${number(perMonth)} a month in ${region}; prices read on ${report.pricesReadOn}, free tier left out`,
    '',
    table(head, rows),
    '',
    `${UNVERIFIED} ${report.pricesNote}`,
    `The seed: about $${number(seed.usdPerMonth)} a month in ${seed.region} for ${number(seed.transactionsPerMonth)} requests, of ${seed.asOf}.`,
    ...(first === undefined ? [] : [encryptionText(runs)]),
    ...runs.map(
      ({ environment, recordedOn, current }) =>
        `${environment}: recorded on ${recordedOn}${current ? '' : '; it delivers otherwise now: --measure runs it anew'}.`,
    ),
  ].join('\n');
}

function section(title: string, kind: LineKind, runs: readonly RunCost[]): string[][] {
  const lines = runs[0]?.lines ?? [];
  const rows = lines.flatMap((line, index) => {
    if (line.kind !== kind) return [];
    const mark = line.priceVerified ? '' : UNVERIFIED;
    return [
      [
        `  ${line.service}, ${line.what}${mark}`,
        ...runs.map(({ lines: own }) => dollars(own[index]?.usd ?? 0)),
      ],
    ];
  });
  return [[title], ...rows];
}

function encryptionText(runs: readonly RunCost[]): string {
  const each = runs.map(
    ({ environment, encryptionUpToUsd }) => `${environment} ${dollars(encryptionUpToUsd)}`,
  );
  return `In no total: KMS requests of the bus for encryption. AWS does not say how many; one for each event and delivery would cost ${each.join(', ')}.`;
}

function dollars(usd: number): string {
  return usd.toFixed(2);
}

function number(value: number): string {
  return value.toLocaleString('en-GB');
}
