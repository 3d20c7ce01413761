import type { JsonObject } from '../../core/aws-error.ts';
import type { HistoryEvent } from './asl/history.ts';
import type { ExecutionRow } from './execution-store.ts';
import type { Finished } from './executions.ts';
import type { StateMachine } from './state-machines.ts';

/** A moment as the API has it: epoch seconds. */
export function seconds(epochMs: number): number {
  return epochMs / 1000;
}

/** The answer of DescribeStateMachine. */
export function describedMachine(machine: StateMachine): JsonObject {
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    status: 'ACTIVE',
    definition: machine.text,
    roleArn: machine.roleArn,
    type: machine.type,
    creationDate: seconds(machine.createdAt),
    loggingConfiguration: { level: 'OFF', includeExecutionData: false, ...machine.logging },
    tracingConfiguration: { enabled: false },
    ...(machine.revisionId !== '' && { revisionId: machine.revisionId }),
  };
}

/** One machine of ListStateMachines. */
export function listedMachine({ arn, name, type, createdAt }: StateMachine): JsonObject {
  return { stateMachineArn: arn, name, type, creationDate: seconds(createdAt) };
}

/** The answer of DescribeExecution. */
export function describedExecution(row: ExecutionRow): JsonObject {
  return {
    ...listedExecution(row),
    input: row.input,
    inputDetails: { included: true },
    ...(row.output !== null && { output: row.output, outputDetails: { included: true } }),
    ...(row.error !== null && { error: row.error }),
    ...(row.cause !== null && { cause: row.cause }),
  };
}

/** One execution of ListExecutions. */
export function listedExecution(row: ExecutionRow): JsonObject {
  return {
    executionArn: row.arn,
    stateMachineArn: row.machine,
    name: row.name,
    status: row.status,
    startDate: seconds(row.started_at),
    ...(row.stopped_at !== null && { stopDate: seconds(row.stopped_at) }),
  };
}

/** The answer of StartSyncExecution. */
export function finishedExecution({ identity, outcome, stoppedAt }: Finished): JsonObject {
  return {
    executionArn: identity.arn,
    stateMachineArn: identity.stateMachineArn,
    name: identity.name,
    startDate: seconds(identity.startedAt),
    stopDate: seconds(stoppedAt),
    status: outcome.status,
    input: JSON.stringify(identity.input),
    inputDetails: { included: true },
    ...(outcome.output !== undefined && {
      output: JSON.stringify(outcome.output),
      outputDetails: { included: true },
    }),
    ...(outcome.error !== undefined && { error: outcome.error }),
    ...(outcome.cause !== undefined && { cause: outcome.cause }),
  };
}

/** One event of GetExecutionHistory. */
export function historyEvent(event: HistoryEvent): JsonObject {
  return {
    timestamp: seconds(event.timestamp),
    type: event.type,
    id: event.id,
    previousEventId: event.previousEventId,
    ...(event.detailsName !== undefined && { [event.detailsName]: event.details }),
  };
}
