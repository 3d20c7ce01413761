import { table } from '../text-table.ts';
import type { Preview, ReplayRoute } from './replay-archive.ts';
import { partsOf, type ReplayPlan } from './replay-plan.ts';
import { timeText } from './replay-time.ts';

const BYTES_IN_MB = 2 ** 20;

/** What a replay would give to whom, as lines. */
export function replayText(plan: ReplayPlan, { archive, takes }: ReplayRoute, preview: Preview): string[] {
  const { stage, from, until, rate, partSeconds } = plan;
  const parts = partsOf(plan).length;
  const pace =
    rate === undefined
      ? 'as fast as EventBridge gives them'
      : `at ${rate} events/s, in ${grouped(parts)} ${parts === 1 ? 'part' : 'parts'} of ${partSeconds} s`;
  const lines = [
    `Replay      ${plan.name}`,
    `To          ${stage} alone, ${timeText(from)} to ${timeText(until)}, ${pace}`,
  ];
  if (!preview.exact) {
    const size = `${grouped(archive.events)} events, ${(archive.bytes / BYTES_IN_MB).toFixed(1)} MB, since ${timeText(archive.since)}`;
    return [
      ...lines,
      `Archive     ${size}; it cannot be read`,
      `Takes       ${takes.join(', ')}`,
      `Estimate    at most ${grouped(preview.events)} events of all kinds, by the archive's mean`,
    ];
  }
  const rows = preview.kinds.map(({ event, events, records }) => [event, grouped(events), grouped(records)]);
  const total = preview.kinds.reduce((sum, { records }) => sum + records, 0);
  return [
    ...lines,
    table(
      ['Event', 'events', 'records'],
      [...rows, ...(rows.length > 1 ? [['all', grouped(preview.events), grouped(total)]] : [])],
    ),
  ];
}

function grouped(count: number): string {
  return count.toLocaleString('en-GB');
}
