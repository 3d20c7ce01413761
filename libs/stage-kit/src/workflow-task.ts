import type { EventName } from '@payments/schemas';
import type { LambdaFunction } from './aws-context.ts';
import { RecordsFailedError } from './kit-error.ts';
import { openEvent } from './open-event.ts';
import { packCalls } from './pack-records.ts';
import type { Emission, Incoming } from './record-outcome.ts';
import { type RunDependencies, runStage } from './stage-run.ts';

/** A message for people, sent by the workflow over SNS. */
export interface Notification {
  readonly subject: string;
  readonly message: string;
}

/** What a workflow's task answers: the PutEvents calls and the notifications that the workflow then makes. */
export interface WorkflowTaskAnswer {
  readonly calls: readonly { readonly Entries: readonly Record<string, string>[] }[];
  readonly notifications: readonly Notification[];
}

/** What a task makes of one record. */
export interface TaskProcessing<Name extends EventName> {
  readonly eachRecord: (incoming: Incoming<Name>) => readonly Emission[] | Promise<readonly Emission[]>;
  /** What people are told of a record, given what was emitted for it. */
  readonly notifications?: (
    incoming: Incoming<Name>,
    emissions: readonly Emission[],
  ) => readonly Notification[];
}

/**
 * The Lambda function of a Step Functions task: takes an event of the bus, answers what the workflow is to
 * publish. When a record must come again the invocation fails, and the workflow's Retry tries it again.
 */
export function workflowTaskFunction<Name extends EventName>(
  dependencies: RunDependencies & { readonly busName: () => string; readonly consumes: readonly Name[] },
  { eachRecord, notifications }: TaskProcessing<Name>,
): LambdaFunction {
  return async (event) => {
    const told: Notification[] = [];
    const processing = {
      eachRecord: async (incoming: Incoming<Name>): Promise<readonly Emission[]> => {
        const emissions = await eachRecord(incoming);
        told.push(...(notifications?.(incoming, emissions) ?? []));
        return emissions;
      },
    };
    const run = await runStage(dependencies, [openEvent(event, dependencies.consumes)], processing);
    const [cause] = [...run.failures.values()];
    if (cause !== undefined) throw new RecordsFailedError(dependencies.stage.name, run.failures.size, cause);
    run.finish();
    const EventBusName = dependencies.busName();
    const calls = packCalls(run.events).map((call) => ({
      Entries: call.map(({ source, event: name, detail }) => ({
        EventBusName,
        Source: source,
        DetailType: name,
        Detail: detail,
      })),
    }));
    return { calls, notifications: told } satisfies WorkflowTaskAnswer;
  };
}
