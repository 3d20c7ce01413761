import type { StageDeclaration } from '@payments/schemas';
import { packingOf } from '../delivery.ts';
import type { Environment } from '../environment.ts';
import { platformNames } from '../platform-names.ts';
import { RUNBOOKS, runbookPath } from '../runbooks.ts';
import { type Arguments, firstBlock, type SynthesizedStack } from '../synthesized-stack.ts';

const WATCHED = ['Errors', 'Throttles', 'Duration'];
/** Only the function that drains a queue has this one. */
const DRAIN_VARIABLE = 'STAGE_QUEUE_URL';
const BUNDLE_BESIDE = /^\$\{path\.module\}\/(\.\.\/)*handler\.zip$/;

/** Functions are what the declaration says, watched, and forget their logs; alarms lead to a runbook. */
export function functionProblems(
  stack: SynthesizedStack,
  { environment, stage }: { readonly environment: Environment; readonly stage?: StageDeclaration },
): readonly string[] {
  const problems: string[] = [];
  const groups = new Set([...stack.resources('aws_cloudwatch_log_group').values()].map(({ name }) => name));
  for (const [id, lambda] of stack.resources('aws_lambda_function')) {
    const name = String(lambda['function_name']);
    if (!groups.has(`/aws/lambda/${name}`)) problems.push(`the function ${id} has no log group`);
    if (lambda['runtime'] !== 'nodejs24.x') problems.push(`the function ${id} does not run on Node 24`);
    if (!BUNDLE_BESIDE.test(String(lambda['filename'])))
      problems.push(`the function ${id} holds a path of a machine`);
    for (const metric of WATCHED) {
      if (!isWatched(stack, name, metric)) problems.push(`the function ${id} has no alarm on ${metric}`);
    }
    if (stage !== undefined) problems.push(...variableProblems(stack, id, stage, environment));
  }
  return [...problems, ...alarmProblems(stack, environment)];
}

function variableProblems(
  stack: SynthesizedStack,
  id: string,
  stage: StageDeclaration,
  environment: Environment,
): readonly string[] {
  const given = stack.variables(id);
  const { busName, metricsNamespace, quarantineBucketName } = platformNames(environment);
  const expected: Record<string, string | undefined> = {
    EVENT_BUS_NAME: busName,
    QUARANTINE_BUCKET: quarantineBucketName,
    DELIVERY_MODE: packingOf(environment, stage.name),
    METRICS_NAMESPACE: metricsNamespace,
    LOG_LEVEL: 'info',
  };
  const problems = Object.entries(expected)
    .filter(([name, value]) => given[name] !== value)
    .map(([name, value]) => `the function ${id} has ${name} ${given[name]}, not ${value}`);
  const others = Object.keys(given).filter((name) => !(name in expected) && name !== DRAIN_VARIABLE);
  const declared = Object.keys(stage.environment);
  if (others.sort().join() !== declared.sort().join()) {
    problems.push(`the function ${id} has ${others.join()}, but the stage declares ${declared.join()}`);
  }
  return problems;
}

function isWatched(stack: SynthesizedStack, functionName: string, metric: string): boolean {
  return [...stack.resources('aws_cloudwatch_metric_alarm').values()].some(
    ({ metric_name, dimensions }) =>
      metric_name === metric && firstBlock(dimensions)['FunctionName'] === functionName,
  );
}

function alarmProblems(stack: SynthesizedStack, environment: Environment): readonly string[] {
  const { alarmTopicArn } = platformNames(environment);
  const runbooks = RUNBOOKS.map(runbookPath);
  const leadsSomewhere = ({ alarm_description }: Arguments): boolean =>
    runbooks.some((path) => String(alarm_description).endsWith(`Runbook: ${path}`));
  const problems: string[] = [];
  for (const [id, alarm] of stack.resources('aws_cloudwatch_metric_alarm')) {
    if (JSON.stringify(alarm['alarm_actions']) !== JSON.stringify([alarmTopicArn])) {
      problems.push(`the alarm ${id} tells nobody`);
    }
    if (!leadsSomewhere(alarm)) problems.push(`the alarm ${id} names no runbook`);
  }
  return problems;
}
