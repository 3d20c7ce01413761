import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { CHARTS, dashboardBody, type Series } from './dashboard.ts';
import { loadEnvironment } from './environment.ts';
import { STAGE_DECLARATIONS } from './stages.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What AWS services write, by namespace and the dimension of one resource (their user guides, "CloudWatch metrics"). */
const AWS_METRICS: Readonly<Record<string, readonly string[]>> = {
  'AWS/Lambda FunctionName': ['Errors', 'Throttles', 'Duration', 'IteratorAge', 'Url5xxCount'],
  'AWS/SQS QueueName': ['ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesVisible'],
  'AWS/States StateMachineArn': ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionThrottled'],
  'AWS/EventBridge/Pipes PipeName': ['ExecutionFailed'],
};

/** The code that runs in functions of a stage, as text: its own, and the kit's for all of them. */
function codeOf(stage: string): string {
  const files = globSync([`packages/${stage}/src/**/*.ts`, 'libs/stage-kit/src/*.ts'], { cwd: ROOT });
  const code = files.filter((path) => !/\.(test|fixture)\.ts$|infra\.ts$/.test(path));
  return code.map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n');
}

const isWritten = (metric: string, stage: string): boolean =>
  new RegExp(`[mM]etrics\\([^;]*\\b${metric}:|tellOfAge\\([^;]*\\b${metric}:`).test(codeOf(stage));

function isKnown(series: Series): boolean {
  if ('namespace' in series)
    return AWS_METRICS[`${series.namespace} ${series.dimension}`]?.includes(series.metric) ?? false;
  const stages = 'stage' in series ? [series.stage] : Object.keys(STAGE_DECLARATIONS);
  return stages.some((stage) => isWritten(series.metric, stage));
}

describe('the dashboard', () => {
  it.each(CHARTS.flatMap(({ title, series }) => series.map((each) => [title, each.metric, each] as const)))(
    '%s: something writes %s',
    (_title, _metric, series) => {
      expect(isKnown(series)).toBe(true);
    },
  );

  it('would notice a metric that nothing writes', () => {
    const nothing = { metric: 'MoneyLost', statistic: 'Sum' } as const;
    expect(isKnown({ ...nothing, stage: 'posting', label: '' })).toBe(false);
    expect(isKnown({ ...nothing, metric: 'TransactionsPosted', stage: 'enrich', label: '' })).toBe(false);
    expect(isKnown({ ...nothing, dimensions: ['Stage'] })).toBe(false);
    expect(isKnown({ ...nothing, metric: 'Errors', namespace: 'AWS/Lambda', dimension: 'Function' })).toBe(
      false,
    );
  });

  it('shows what an environment has, and draws its objective in', () => {
    const text = JSON.stringify(dashboardBody(loadEnvironment('dev')));
    expect(text).toContain('"payments/dev","PostingLatencyMs","Stage","reconcile"');
    expect(text).toContain('FunctionName=payments-dev');
    expect(text).toContain('QueueName=payments-dev NOT QueueName=queue');
    expect(text).toContain('"value":300000');
    expect(text).not.toContain('local');
  });

  it('has its charts side by side, none over another', () => {
    const { widgets } = dashboardBody(loadEnvironment('local')) as {
      widgets: { x: number; y: number; width: number; height: number }[];
    };
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from(
        { length: width * height },
        (_, cell) => `${x + (cell % width)} ${y + Math.floor(cell / width)}`,
      ),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...widgets.map(({ x, width }) => x + width))).toBe(24);
  });

  it('is on the page of operations, chart by chart', () => {
    const page = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
    const missing = CHARTS.map(({ title, says }) => `| ${title} | ${says} |`).filter(
      (row) => !page.includes(row),
    );
    expect(missing).toEqual([]);
  });
});
