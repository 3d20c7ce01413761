import type { StageDeclaration } from '@payments/schemas';
import { packingOf } from '../delivery.ts';
import type { Environment } from '../environment.ts';
import { platformNames } from '../platform-names.ts';
import { firstBlock } from '../synthesized-stack.ts';
import type { Fault, Policy } from './policy.ts';

const ARCHITECTURE = 'arm64';
/** The bundle as it lies from the stack, wherever both are moved; anything else is a path of one machine. */
const BUNDLE_FROM_STACK = /^\$\{path\.module\}\/([^/$]+\/)*handler\.zip$/;
/** Only the function that drains a queue has this one. */
const DRAIN_VARIABLE = 'STAGE_QUEUE_URL';

/** What was tested is what runs. */
export const RUNTIME: Policy = {
  name: 'runtime',
  demands: `Functions run on ${ARCHITECTURE} and on the Node that bundles, synthesizes and tests them, from a bundle that is named relative to the stack.`,
  source: 'Lambda developer guide, "Lambda runtimes" and "Selecting an instruction set architecture"',
  check: ({ stack }) => {
    const runtime = `nodejs${process.versions.node.split('.')[0]}.x`;
    const faults: Fault[] = [];
    for (const [id, lambda] of stack.resources('aws_lambda_function')) {
      const hold = (isKept: boolean, wrong: string, remedy: string): void => {
        if (!isKept) faults.push({ address: `aws_lambda_function.${id}`, wrong, remedy });
      };
      const { architectures, filename } = lambda;
      hold(
        lambda['runtime'] === runtime,
        `runs on ${String(lambda['runtime'])}`,
        `Set runtime to ${runtime}.`,
      );
      hold(
        JSON.stringify(architectures) === JSON.stringify([ARCHITECTURE]),
        `runs on ${String(architectures ?? 'x86_64')}`,
        `Set architectures to ${ARCHITECTURE}.`,
      );
      hold(
        BUNDLE_FROM_STACK.test(String(filename)),
        `runs ${String(filename)}, a path of one machine`,
        'Give it the bundle of its StageContext.',
      );
    }
    return faults;
  },
};

/** A slow payment can be followed through every stage. */
export const TRACING: Policy = {
  name: 'tracing',
  demands: 'Functions and workflows send traces to X-Ray.',
  source: 'X-Ray developer guide, "AWS Lambda and AWS X-Ray"; Step Functions likewise',
  check: ({ stack }) => [
    ...[...stack.resources('aws_lambda_function')]
      .filter(([, { tracing_config }]) => firstBlock(tracing_config)['mode'] !== 'Active')
      .map(([id]) => untraced(`aws_lambda_function.${id}`, 'tracing_config.mode to Active')),
    ...[...stack.resources('aws_sfn_state_machine')]
      .filter(([, { tracing_configuration }]) => firstBlock(tracing_configuration)['enabled'] !== true)
      .map(([id]) => untraced(`aws_sfn_state_machine.${id}`, 'tracing_configuration.enabled')),
  ],
};

/** A variable that nobody declared is one that nobody documents. */
export const FUNCTION_VARIABLES: Policy = {
  name: 'function-variables',
  demands: 'A function is given exactly the variables that its stage declares, and those of stage-kit.',
  source: 'decision 0002, stages and imports',
  check: ({ stack, stage, environment }) => {
    if (stage === undefined) return [];
    return [...stack.resources('aws_lambda_function').keys()].flatMap((id) =>
      variableFaults(stack.variables(id), stage, environment).map((wrong) => ({
        address: `aws_lambda_function.${id}`,
        wrong,
        remedy: `Give a StageFunction what ${stage.name}'s stage.ts declares in environment, and nothing else.`,
      })),
    );
  },
};

function untraced(address: string, setting: string): Fault {
  return { address, wrong: 'sends no traces', remedy: `Set ${setting}, and allow its role SEND_TRACES.` };
}

function variableFaults(
  given: Readonly<Record<string, string>>,
  stage: StageDeclaration,
  environment: Environment,
): readonly string[] {
  const { busName, metricsNamespace, quarantineBucketName } = platformNames(environment);
  const ofKit: Readonly<Record<string, string>> = {
    EVENT_BUS_NAME: busName,
    QUARANTINE_BUCKET: quarantineBucketName,
    DELIVERY_MODE: packingOf(environment, stage.name),
    METRICS_NAMESPACE: metricsNamespace,
    LOG_LEVEL: 'info',
  };
  const faults = Object.entries(ofKit)
    .filter(([name, value]) => given[name] !== value)
    .map(([name, value]) => `is given ${name} ${given[name]}, not ${value}`);
  const declared = Object.keys(stage.environment);
  const others = Object.keys(given).filter((name) => !(name in ofKit) && name !== DRAIN_VARIABLE);
  for (const name of declared.filter((each) => !others.includes(each)))
    faults.push(`is not given ${name}, which the stage declares`);
  for (const name of others.filter((each) => !declared.includes(each)))
    faults.push(`is given ${name}, which the stage does not declare`);
  return faults;
}
