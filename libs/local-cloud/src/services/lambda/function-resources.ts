import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';
import type { ResourceState, ResourceType } from '../../core/resource.ts';
import type { ServiceContext } from '../../core/seams.ts';
import { block, isObject, optionalInteger, optionalText, requiredText } from '../sqs/members.ts';
import { bundleHash } from './bundle.ts';
import { checkDestination } from './failure-destination.ts';
import type { FunctionHost } from './function-host.ts';
import {
  EVENT_INVOKE_DEFAULTS,
  type FunctionRecord,
  type FunctionRegistry,
  functionName,
} from './function-registry.ts';

const CODE = 'InvalidParameterValueException';
const TIMEOUT_SECONDS = { min: 1, max: 900, default: 3 };
const MEMORY_MB = { min: 128, max: 10_240, default: 128 };
/** -1 means no reservation. */
const RESERVED = { min: -1, max: 1000 };
const EVENT_AGE_SECONDS = { min: 60, max: 21_600 };
const RETRY_ATTEMPTS = { min: 0, max: 2 };
const RUNTIME = /^nodejs\d+\.x$/;

/** The Terraform resource types of functions. */
export function functionResourceTypes(
  context: ServiceContext,
  registry: FunctionRegistry,
  host: FunctionHost,
): readonly ResourceType[] {
  return [functionType(context, registry, host), eventInvokeType(registry)];
}

function functionType(context: ServiceContext, registry: FunctionRegistry, host: FunctionHost): ResourceType {
  const put = async (args: JsonObject): Promise<JsonObject> => {
    const record = readFunction(args, context);
    await host.load(record);
    registry.put(record);
    return stateOf(args, record, context);
  };
  const destroy = (state: ResourceState): void => {
    const name = requiredText(state.attributes, 'function_name');
    registry.remove(name);
    host.unload(name);
  };
  return {
    type: 'aws_lambda_function',
    runs: [
      'function_name',
      'filename',
      'handler',
      'runtime',
      'role',
      'timeout',
      'memory_size',
      'environment',
      'reserved_concurrent_executions',
      'dead_letter_config',
      'description',
      'package_type',
      'publish',
    ],
    accepts: {
      source_code_hash: 'the bundle itself is read and hashed',
      architectures: 'the bundle runs on the processor of this machine',
      kms_key_arn: 'variables never leave the machine',
      tracing_config: 'there is no X-Ray here; trace ids are passed on as they come',
      logging_config: 'log lines are forwarded as the function writes them',
      ephemeral_storage: 'the file system is that of the machine',
      tags: 'tags name costs and owners in an account',
      timeouts: 'nothing here takes that long',
    },
    create: put,
    async update(args: JsonObject, previous: ResourceState): Promise<JsonObject> {
      if (previous.attributes['function_name'] !== args['function_name']) destroy(previous);
      return put(args);
    },
    destroy,
  };
}

function readFunction(args: JsonObject, context: ServiceContext): FunctionRecord {
  const name = requiredText(args, 'function_name', CODE);
  const runtime = requiredText(args, 'runtime', CODE);
  if (!RUNTIME.test(runtime)) throw new AwsError(CODE, `The runtime ${runtime} of ${name} is not run here.`);
  if (args['publish'] === true) throw new AwsError(CODE, `Versions are not run here: publish of ${name}.`);
  if ((optionalText(args, 'package_type', CODE) ?? 'Zip') !== 'Zip') {
    throw new AwsError(CODE, `Container images are not run here: package_type of ${name}.`);
  }
  const bundle = requiredText(args, 'filename', CODE);
  const reserved = optionalInteger(args, 'reserved_concurrent_executions', RESERVED, CODE) ?? -1;
  const deadLetter = block(args, 'dead_letter_config');
  const deadLetterArn = deadLetter === undefined ? undefined : requiredText(deadLetter, 'target_arn', CODE);
  checkDestination(deadLetterArn);
  return {
    name,
    arn: `arn:aws:lambda:${context.account.region}:${context.account.id}:function:${name}`,
    handler: requiredText(args, 'handler', CODE),
    runtime,
    bundle,
    codeSha256: bundleHash(bundle),
    environment: readVariables(args),
    timeoutSeconds: optionalInteger(args, 'timeout', TIMEOUT_SECONDS, CODE) ?? TIMEOUT_SECONDS.default,
    memoryMb: optionalInteger(args, 'memory_size', MEMORY_MB, CODE) ?? MEMORY_MB.default,
    role: requiredText(args, 'role', CODE),
    description: optionalText(args, 'description', CODE) ?? '',
    lastModified: context.runtime.now(),
    reservedConcurrency: reserved === -1 ? undefined : reserved,
    deadLetterArn,
  };
}

function readVariables(args: JsonObject): Record<string, string> {
  const variables = block(args, 'environment')?.['variables'];
  if (!isObject(variables)) return {};
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined && value !== null) texts[name] = String(value);
  }
  return texts;
}

function stateOf(args: JsonObject, fn: FunctionRecord, context: ServiceContext): JsonObject {
  const invokeArn = `arn:aws:apigateway:${context.account.region}:lambda:path/2015-03-31/functions/${fn.arn}/invocations`;
  const computed: Record<string, JsonValue> = {
    id: fn.name,
    arn: fn.arn,
    invoke_arn: invokeArn,
    qualified_arn: `${fn.arn}:$LATEST`,
    version: '$LATEST',
    code_sha256: fn.codeSha256,
    last_modified: new Date(fn.lastModified).toISOString(),
  };
  return { ...args, ...computed };
}

function eventInvokeType(registry: FunctionRegistry): ResourceType {
  const set = (args: JsonObject): JsonObject => {
    const name = functionName(requiredText(args, 'function_name', CODE));
    const qualifier = optionalText(args, 'qualifier', CODE);
    if (qualifier !== undefined && qualifier !== '$LATEST') {
      throw new AwsError(CODE, `Versions and aliases are not run here: qualifier ${qualifier} of ${name}.`);
    }
    const destinations = block(args, 'destination_config') ?? {};
    const arnIn = (kind: string): string | undefined => {
      const arn = optionalText(block(destinations, kind) ?? {}, 'destination', CODE);
      checkDestination(arn);
      return arn;
    };
    const { maximumEventAgeSeconds, maximumRetryAttempts } = EVENT_INVOKE_DEFAULTS;
    registry.setEventInvoke(name, {
      maximumEventAgeSeconds:
        optionalInteger(args, 'maximum_event_age_in_seconds', EVENT_AGE_SECONDS, CODE) ??
        maximumEventAgeSeconds,
      maximumRetryAttempts:
        optionalInteger(args, 'maximum_retry_attempts', RETRY_ATTEMPTS, CODE) ?? maximumRetryAttempts,
      onSuccessArn: arnIn('on_success'),
      onFailureArn: arnIn('on_failure'),
    });
    return { ...args, id: name };
  };
  return {
    type: 'aws_lambda_function_event_invoke_config',
    runs: [
      'function_name',
      'qualifier',
      'maximum_event_age_in_seconds',
      'maximum_retry_attempts',
      'destination_config',
    ],
    accepts: {},
    create: set,
    update: (args) => set(args),
    destroy(state: ResourceState): void {
      const name = requiredText(state.attributes, 'id', CODE);
      if (registry.has(name)) registry.setEventInvoke(name, EVENT_INVOKE_DEFAULTS);
    },
  };
}
