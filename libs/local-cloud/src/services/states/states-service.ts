import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ResourceType } from '../../core/resource.ts';
import type { FunctionInvoker, LocalService, ServiceContext } from '../../core/seams.ts';
import type { Principal } from '../../core/service.ts';
import {
  describedExecution,
  describedMachine,
  finishedExecution,
  historyEvent,
  listedExecution,
  listedMachine,
  seconds,
} from './answers.ts';
import { isExpressExecutionArn } from './arns.ts';
import type { ExecutionCounts } from './execution-store.ts';
import { Executions } from './executions.ts';
import { integrationsFor } from './integrations/find-integration.ts';
import { Input } from './operation-input.ts';
import { page } from './page.ts';
import { stateMachineResource } from './state-machine-resource.ts';
import { type StateMachine, StateMachines, type StateMachineType } from './state-machines.ts';

/** How many items a page holds when the caller does not say (API reference). */
const PAGE_SIZE_DEFAULT = 100;

type Operation = (input: Input, caller: Principal) => JsonObject | Promise<JsonObject>;

/**
 * Step Functions: Standard and Express state machines in the Amazon States Language with JSONPath.
 *
 * Where it differs from AWS on purpose: the owner of the machine may describe Express executions (the last
 * ones that failed, and with logging level ALL the last ones of all), where AWS has only their logs.
 */
export class StatesService implements LocalService {
  readonly name = 'states';
  readonly resourceTypes: readonly ResourceType[];
  readonly #machines: StateMachines;
  readonly #executions: Executions;
  readonly #operations: ReadonlyMap<string, Operation>;

  constructor(context: ServiceContext, functions: FunctionInvoker) {
    const callers = { call: context.call, runtime: context.runtime, account: context.account, functions };
    this.#machines = new StateMachines(context, {
      STANDARD: integrationsFor(callers, 'STANDARD'),
      EXPRESS: integrationsFor(callers, 'EXPRESS'),
    });
    this.#executions = new Executions(context, this.#machines);
    this.resourceTypes = [stateMachineResource(this.#machines, (machine) => this.#delete(machine))];
    this.#operations = new Map<string, Operation>([
      ['CreateStateMachine', (input) => this.#create(input)],
      ['UpdateStateMachine', (input) => this.#update(input, context.runtime.now())],
      ['DescribeStateMachine', (input) => describedMachine(this.#machine(input))],
      ['DeleteStateMachine', (input) => this.#deleteByArn(input)],
      ['ListStateMachines', (input) => this.#list(input)],
      ['ValidateStateMachineDefinition', (input) => this.#validate(input)],
      ['StartExecution', (input) => this.#start(input)],
      ['StartSyncExecution', (input) => this.#startSync(input)],
      ['StopExecution', (input, caller) => this.#stop(input, caller)],
      [
        'DescribeExecution',
        (input, caller) => describedExecution(this.#executions.get(executionArn(input, caller))),
      ],
      ['GetExecutionHistory', (input, caller) => this.#history(input, caller)],
      ['ListExecutions', (input, caller) => this.#listExecutions(input, caller)],
    ]);
  }

  call(operation: string, input: JsonObject, caller: Principal): JsonObject | Promise<JsonObject> {
    const carryOut = this.#operations.get(operation);
    if (carryOut === undefined) {
      throw new AwsError('UnknownOperationException', `${operation} is not run by the local cloud`);
    }
    return carryOut(new Input(input), caller);
  }

  resume(): void {
    this.#machines.resume();
    this.#executions.resume();
  }

  outstanding(): number {
    return this.#executions.outstanding;
  }

  /** How many executions of a machine ended in which way, what CloudWatch shows as ExecutionsFailed and so on. */
  executionCounts(stateMachineArn: string): ExecutionCounts {
    return this.#executions.counts(this.#machines.get(stateMachineArn));
  }

  #machine(input: Input): StateMachine {
    return this.#machines.get(input.text('stateMachineArn'));
  }

  #create(input: Input): JsonObject {
    const machine = this.#machines.create({
      name: input.text('name'),
      type: machineType(input.optionalText('type')),
      roleArn: input.text('roleArn'),
      text: input.text('definition'),
      logging: input.object('loggingConfiguration') ?? {},
    });
    return { stateMachineArn: machine.arn, creationDate: seconds(machine.createdAt) };
  }

  #update(input: Input, now: number): JsonObject {
    const { revisionId } = this.#machines.update(input.text('stateMachineArn'), {
      text: input.optionalText('definition'),
      roleArn: input.optionalText('roleArn'),
      logging: input.object('loggingConfiguration'),
    });
    return { updateDate: seconds(now), revisionId };
  }

  #deleteByArn(input: Input): JsonObject {
    const arn = input.text('stateMachineArn');
    const machine = this.#machines.all().find((known) => known.arn === arn);
    if (machine !== undefined) this.#delete(machine);
    return {};
  }

  #delete(machine: StateMachine): void {
    this.#executions.removeMachine(machine);
    this.#machines.delete(machine.arn);
  }

  #list(input: Input): JsonObject {
    const { items, nextToken } = this.#page(this.#machines.all(), input);
    return { stateMachines: items.map(listedMachine), ...nextToken };
  }

  #validate(input: Input): JsonObject {
    const type = machineType(input.optionalText('type'));
    const result = this.#machines.check(input.text('definition'), type);
    const problems = 'problems' in result ? result.problems : [];
    return {
      result: problems.length === 0 ? 'OK' : 'FAIL',
      diagnostics: problems.map((message) => ({
        severity: 'ERROR',
        code: 'SCHEMA_VALIDATION_FAILED',
        message,
      })),
      truncated: false,
    };
  }

  #start(input: Input): JsonObject {
    const machine = this.#machine(input);
    const started = this.#executions.start(
      machine,
      input.optionalText('name'),
      input.optionalText('input') ?? '{}',
    );
    return { executionArn: started.arn, startDate: seconds(started.startedAt) };
  }

  async #startSync(input: Input): Promise<JsonObject> {
    const machine = this.#machine(input);
    if (machine.type !== 'EXPRESS') throw notForThisType();
    const text = input.optionalText('input') ?? '{}';
    return finishedExecution(await this.#executions.runNow(machine, input.optionalText('name'), text));
  }

  #stop(input: Input, caller: Principal): JsonObject {
    const arn = executionArn(input, caller);
    const stopped = this.#executions.stop(arn, input.optionalText('error'), input.optionalText('cause'));
    return { stopDate: seconds(stopped) };
  }

  #history(input: Input, caller: Principal): JsonObject {
    const events = this.#executions.history(executionArn(input, caller));
    const ordered = input.flag('reverseOrder') ? events.toReversed() : events;
    const { items, nextToken } = this.#page(ordered, input);
    return { events: items.map(historyEvent), ...nextToken };
  }

  #listExecutions(input: Input, caller: Principal): JsonObject {
    const machine = this.#machine(input);
    if (machine.type === 'EXPRESS' && caller.kind !== 'owner') throw notForThisType();
    const rows = this.#executions.list(machine, input.optionalText('statusFilter'));
    const { items, nextToken } = this.#page(rows, input);
    return { executions: items.map(listedExecution), ...nextToken };
  }

  #page<T>(items: readonly T[], input: Input) {
    return page(items, input.number('maxResults') ?? PAGE_SIZE_DEFAULT, input.optionalText('nextToken'));
  }
}

function machineType(type: string | undefined): StateMachineType {
  if (type === undefined || type === 'STANDARD') return 'STANDARD';
  if (type === 'EXPRESS') return 'EXPRESS';
  throw new AwsError('ValidationException', `The type '${type}' is neither STANDARD nor EXPRESS`);
}

/** The ARN of an execution that the caller may ask for. */
function executionArn(input: Input, caller: Principal): string {
  const arn = input.text('executionArn');
  if (isExpressExecutionArn(arn) && caller.kind !== 'owner') {
    throw new AwsError('InvalidArn', "Invalid Arn: 'Resource type not valid in this context: express'");
  }
  return arn;
}

function notForThisType(): AwsError {
  return new AwsError(
    'StateMachineTypeNotSupported',
    'This operation is not supported by this type of state machine',
  );
}
