import { type Arguments, firstBlock } from '../synthesized-stack.ts';
import type { CheckedStack, Fault, Policy } from './policy.ts';

/** The argument that names a resource of each type whose names are ours to give. */
const NAMING: Readonly<Record<string, string>> = {
  aws_cloudwatch_dashboard: 'dashboard_name',
  aws_cloudwatch_event_archive: 'name',
  aws_cloudwatch_event_bus: 'name',
  aws_cloudwatch_event_rule: 'name',
  aws_cloudwatch_metric_alarm: 'alarm_name',
  aws_dynamodb_table: 'name',
  aws_iam_policy: 'name',
  aws_iam_role: 'name',
  aws_lambda_function: 'function_name',
  aws_pipes_pipe: 'name',
  aws_s3_bucket: 'bucket',
  aws_scheduler_schedule: 'name',
  aws_schemas_registry: 'name',
  aws_sfn_state_machine: 'name',
  aws_sns_topic: 'name',
  aws_sqs_queue: 'name',
};

const ARN = /arn:aws:[\w-]+:([\w-]*):(\d*):[\w-]*/g;
/** A layer may be AWS's own, from an account of AWS's. */
const LAYER = /:layer$/;

/** Costs and owners are found by tags. */
export const TAGS: Policy = {
  name: 'tags',
  demands: 'Everything is tagged with its system, environment and stage, and as managed by Terraform.',
  source: 'AWS whitepaper "Best Practices for Tagging AWS Resources"',
  check: ({ owner, stack, environment }) => {
    const expected: Readonly<Record<string, string>> = {
      system: environment.system,
      environment: environment.name,
      stage: owner,
      managedBy: 'terraform',
    };
    const faults: Fault[] = [];
    const given = firstBlock(firstBlock(stack.provider()['default_tags'])['tags']);
    for (const [tag, value] of Object.entries(expected)) {
      if (given[tag] === value) continue;
      faults.push({
        address: 'provider.aws',
        wrong: `tags with ${tag} ${String(given[tag])}, not ${value}`,
        remedy: 'Make the stack a PaymentsStack, which tags whatever is in it.',
      });
    }
    for (const [address, { tags }] of stack.all()) {
      for (const tag of Object.keys(firstBlock(tags)).filter((name) => name in expected))
        faults.push({
          address,
          wrong: `has a tag ${tag} of its own`,
          remedy: "Take it away: the stack's own tags say it.",
        });
    }
    return faults;
  },
};

/** An environment that names another one reaches into it. */
export const ENVIRONMENT_NAMES: Policy = {
  name: 'environment-names',
  demands:
    'Names begin with system, environment and owner; ARNs, provider and state are of its own account and region; addresses are the same in every environment.',
  source: 'decision 0026, policies at synthesis',
  check: (checked) => {
    const faults = [...providerFaults(checked)];
    for (const [address, args] of checked.stack.all()) {
      faults.push(
        ...addressFaults(checked, address),
        ...nameFaults(checked, address, args),
        ...arnFaults(checked, address, args),
      );
    }
    return faults;
  },
};

function providerFaults({ owner, stack, environment }: CheckedStack): readonly Fault[] {
  const { region, accountId, system, name, state } = environment;
  const faults: Fault[] = [];
  const provider = stack.provider();
  if (provider['region'] !== region || JSON.stringify(provider['allowed_account_ids']) !== `["${accountId}"]`)
    faults.push({
      address: 'provider.aws',
      wrong: `works in ${String(provider['region'])} and the accounts ${JSON.stringify(provider['allowed_account_ids'])}`,
      remedy: `Set region to ${region} and allowed_account_ids to ${accountId}, as PaymentsStack does.`,
    });
  const key = state === undefined ? `${owner}.tfstate` : `${system}/${name}/${owner}.tfstate`;
  const backend = stack.backend();
  if ((state === undefined ? backend['path'] : backend['key']) !== key)
    faults.push({
      address: 'terraform.backend',
      wrong: 'keeps the state of another stack or environment',
      remedy: `Keep it in ${key}, as PaymentsStack does.`,
    });
  return faults;
}

function addressFaults({ environment }: CheckedStack, address: string): readonly Fault[] {
  if (!address.split(/[._-]/).includes(environment.name)) return [];
  return [
    {
      address,
      wrong: 'names the environment in its address: it would be another resource in another one',
      remedy: 'Take the environment out of its construct id.',
    },
  ];
}

function nameFaults(
  { owner, environment }: CheckedStack,
  address: string,
  args: Arguments,
): readonly Fault[] {
  const argument = NAMING[address.split('.')[0] ?? ''];
  const prefix = `${environment.system}-${environment.name}-${owner}-`;
  if (argument === undefined || String(args[argument]).startsWith(prefix)) return [];
  return [
    {
      address,
      wrong: `is named ${String(args[argument])}`,
      remedy: `Name it with stack.nameOf(purpose): ${prefix}<purpose>.`,
    },
  ];
}

function arnFaults({ environment }: CheckedStack, address: string, args: Arguments): readonly Fault[] {
  const { region, accountId } = environment;
  const foreign = [...JSON.stringify(args).matchAll(ARN)].filter(
    ([arn, ofRegion, ofAccount]) =>
      !LAYER.test(arn) &&
      ((ofRegion !== '' && ofRegion !== region) || (ofAccount !== '' && ofAccount !== accountId)),
  );
  return foreign.map(([arn]) => ({
    address,
    wrong: `names ${arn}, which is not of ${accountId} in ${region}`,
    remedy: 'Make the ARN with arnOf, or refer to the resource.',
  }));
}
