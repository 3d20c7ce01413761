import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import type { StageDeclaration } from '@payments/schemas';
import { packingOf } from '../delivery.ts';
import { SEND_TRACES } from '../iam-policy.ts';
import { type Grantee, ServiceRole } from './service-role.ts';
import { StageAlarm } from './stage-alarm.ts';
import type { StageStack } from './stage-stack.ts';

const RUNTIME = 'nodejs24.x';
const ARCHITECTURE = 'arm64';
const MEMORY_MEGABYTES = 1024;
const LOG_LEVEL = 'info';
/** A function that takes more than this part of its timeout is about to be cut off. */
const DURATION_ALARM_PART = 0.8;

export interface StageFunctionProps<Declaration extends StageDeclaration> {
  /** The function that the bundle exports: `index.<entry>`. */
  readonly entry: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes?: number;
  /** How many invocations may run at once, where callers outside decide how many they ask for. */
  readonly reservedConcurrency?: number;
  /** Exactly what the stage declares. */
  readonly environment: Readonly<Record<keyof Declaration['environment'], string>>;
}

/** A function whose environment is not the one that its stage declares. */
export class EnvironmentVariableError extends Error {
  override readonly name = 'EnvironmentVariableError';
  readonly code = 'EnvironmentVariable';
  readonly retryable = false;
}

/**
 * A Lambda function of a stage: a role that may do what it is granted and no more, a log group that forgets, the
 * declared environment, and alarms.
 */
export class StageFunction<Declaration extends StageDeclaration = StageDeclaration> implements Grantee {
  readonly stack: StageStack<Declaration>;
  readonly role: ServiceRole;
  readonly name: string;
  readonly arn: string;
  readonly timeoutSeconds: number;
  /** For whatever must not begin before the function is there. */
  readonly resource: LambdaFunction;
  readonly #variables: Record<string, string>;

  /**
   * @param purpose its construct id, and its name within the stage
   * @throws EnvironmentVariableError naming a variable that is missing or not declared
   */
  constructor(stack: StageStack<Declaration>, purpose: string, props: StageFunctionProps<Declaration>) {
    const name = stack.nameOf(purpose);
    this.stack = stack;
    this.name = name;
    this.timeoutSeconds = props.timeoutSeconds;
    this.role = new ServiceRole(stack, purpose, 'lambda.amazonaws.com');
    const logs = new CloudwatchLogGroup(stack, `${purpose}-logs`, {
      name: `/aws/lambda/${name}`,
      retentionInDays: stack.environment.logRetentionDays,
      kmsKeyId: stack.keyArn,
    });
    this.role.allow({
      sid: 'WriteLogs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`${logs.arn}:log-stream:*`],
    });
    this.role.allow(SEND_TRACES);
    this.role.allowKey(['Decrypt']);
    this.#variables = {
      ...kitVariables(stack),
      ...declaredVariables(stack.stage, purpose, props.environment),
    };
    this.resource = new LambdaFunction(stack, purpose, {
      functionName: name,
      role: this.role.arn,
      runtime: RUNTIME,
      architectures: [ARCHITECTURE],
      handler: `index.${props.entry}`,
      filename: stack.bundle.filename,
      sourceCodeHash: stack.bundle.sourceCodeHash,
      timeout: props.timeoutSeconds,
      memorySize: props.memoryMegabytes ?? MEMORY_MEGABYTES,
      ...(props.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
      kmsKeyArn: stack.keyArn,
      tracingConfig: { mode: 'Active' },
      environment: { variables: this.#variables },
      // Lambda would make a log group without retention or key if it wrote before ours is there.
      dependsOn: [logs, this.role.policy],
    });
    this.arn = this.resource.arn;
    this.#alarm(purpose, name);
  }

  /** Adds a variable that only some functions have. */
  addVariable(name: string, value: string): void {
    this.#variables[name] = value;
    this.resource.putEnvironment({ variables: { ...this.#variables } });
  }

  /** Puts a layer, such as an extension, beside the function. */
  addLayer(arn: string): void {
    this.resource.layers = [...(this.resource.layersInput ?? []), arn];
  }

  #alarm(purpose: string, functionName: string): void {
    const common = { namespace: 'AWS/Lambda', dimensions: { FunctionName: functionName } };
    new StageAlarm(this.stack, `${purpose}-errors`, {
      ...common,
      says: `The function ${functionName} fails.`,
      runbook: 'function-errors',
      metric: 'Errors',
      statistic: 'Sum',
      above: 0,
    });
    new StageAlarm(this.stack, `${purpose}-throttles`, {
      ...common,
      says: `The function ${functionName} is throttled.`,
      runbook: 'function-throttles',
      metric: 'Throttles',
      statistic: 'Sum',
      above: 0,
    });
    new StageAlarm(this.stack, `${purpose}-duration`, {
      ...common,
      says: `The function ${functionName} nearly takes its whole timeout of ${this.timeoutSeconds} seconds.`,
      runbook: 'function-duration',
      metric: 'Duration',
      statistic: 'Maximum',
      above: Math.round(this.timeoutSeconds * 1000 * DURATION_ALARM_PART),
    });
  }
}

/** What stage-kit reads in every function. */
function kitVariables({ environment, platform, stage }: StageStack): Record<string, string> {
  return {
    EVENT_BUS_NAME: platform.busName,
    QUARANTINE_BUCKET: platform.quarantineBucketName,
    DELIVERY_MODE: packingOf(environment, stage.name),
    METRICS_NAMESPACE: platform.metricsNamespace,
    LOG_LEVEL,
  };
}

function declaredVariables(
  stage: StageDeclaration,
  purpose: string,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  for (const name of Object.keys(stage.environment)) {
    if (given[name] === undefined || given[name] === '') {
      throw new EnvironmentVariableError(
        `${stage.name}'s function ${purpose} is not given ${name}, which the stage declares`,
      );
    }
  }
  for (const name of Object.keys(given)) {
    if (stage.environment[name] === undefined) {
      throw new EnvironmentVariableError(
        `${stage.name}'s function ${purpose} is given ${name}, which the stage does not declare`,
      );
    }
  }
  return { ...given };
}
