import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadEnvironment } from '@payments/infra/environment';
import { isCurrent, readRecordedRuns, recordedRunOf, recordRuns } from './recorded-run.ts';
import { RUN } from './run.fixture.ts';
import { MODE_ENVIRONMENTS } from './runs-to-use.ts';

const { refresh, runs } = readRecordedRuns();

describe('the recorded runs', () => {
  it('say how they are made anew', () => {
    expect(refresh).toContain('payments -- cost --measure --record');
  });

  it.each([...MODE_ENVIRONMENTS])('hold one of %s that came to its end', (name) => {
    const run = recordedRunOf(name, runs);
    expect(run?.recordedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    const transactions = run?.transactions ?? 0;
    expect(transactions).toBeGreaterThan(1_000);
    // Nearly all are standardized, and most are posted with two entries or more.
    expect(run?.deliveries['standardize-subscription']?.records).toBeGreaterThan(transactions * 0.9);
    expect(run?.tables['posting-ledger']?.items).toBeGreaterThan(transactions * 1.5);
  });

  it('show that batches carry many records an event', () => {
    const recordsAnEvent = (name: string): number => {
      const { events = 1, records = 0 } = recordedRunOf(name, runs)?.deliveries['posting-subscription'] ?? {};
      return records / events;
    };
    expect(recordsAnEvent('local')).toBe(1);
    expect(recordsAnEvent('localbatch')).toBeGreaterThan(20);
  });

  it('are replaced by newer ones of the same environment', () => {
    const folder = mkdtempSync(join(tmpdir(), 'payments-recorded-'));
    try {
      const file = join(folder, 'runs.json');
      writeFileSync(file, JSON.stringify({ refresh: 'so', runs: [RUN, { ...RUN, environment: 'other' }] }));
      recordRuns(
        [
          { ...RUN, recordedOn: '2026-11-02' },
          { ...RUN, environment: 'new' },
        ],
        file,
      );
      const { refresh: kept, runs: written } = readRecordedRuns(file);
      expect(kept).toBe('so');
      expect(written.map(({ environment, recordedOn }) => [environment, recordedOn])).toEqual([
        ['local', '2026-11-02'],
        ['other', '2026-11-01'],
        ['new', '2026-11-01'],
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('are no longer current when the environment delivers otherwise', () => {
    const { sources, subscribers } = loadEnvironment('local');
    expect(isCurrent(RUN, { sources, subscribers })).toBe(true);
    expect(isCurrent(RUN, { sources, subscribers: { ...subscribers, posting: { mode: 'batch' } } })).toBe(
      false,
    );
  });
});
