/** How a state is tried again. */
export interface AslRetrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: 'FULL' | 'NONE';
}

/** Where a state goes when it failed for good. */
export interface AslCatcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath: string;
  readonly Next: string;
}

/** A state of the Amazon States Language, as far as this workflow uses it. */
export interface AslState {
  readonly Type: 'Task' | 'Map' | 'Pass' | 'Succeed' | 'Fail';
  readonly Comment: string;
  readonly Resource?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly ResultSelector?: Readonly<Record<string, string>>;
  /** Null keeps the input and drops the result. */
  readonly ResultPath?: string | null;
  readonly TimeoutSeconds?: number;
  readonly ItemsPath?: string;
  readonly MaxConcurrency?: number;
  readonly ItemProcessor?: AslStates & { readonly ProcessorConfig: { readonly Mode: 'INLINE' } };
  readonly Retry?: readonly AslRetrier[];
  readonly Catch?: readonly AslCatcher[];
  readonly Error?: string;
  readonly Cause?: string;
  readonly Next?: string;
  readonly End?: true;
}

/** States and where they start; a type and not an interface, so that a definition is also a plain JSON object. */
export type AslStates = {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, AslState>>;
};

/** A state machine in the Amazon States Language, with JSONPath. */
export type AslDefinition = AslStates & {
  readonly Comment: string;
  readonly TimeoutSeconds: number;
};

/** What the workflow calls. */
export interface RulesWorkflowResources {
  /** The rules function. */
  readonly functionArn: string;
  /** The topic that tells people. */
  readonly notificationsTopicArn: string;
  /** Where an event goes that the workflow cannot process, as it came. */
  readonly deadLetterQueueUrl: string;
}

/** An Express execution ends after five minutes; what is below it leaves time to report a failure. */
const EXECUTION_SECONDS_MAX = 290;
const TASK_SECONDS_MAX = 60;

const CALLS_IN_FLIGHT_MAX = 4;

/** Throttles and outages pass: ten attempts with full jitter, two minutes in all at most. */
const BACK_OFF = {
  IntervalSeconds: 1,
  MaxAttempts: 10,
  BackoffRate: 2,
  MaxDelaySeconds: 15,
  JitterStrategy: 'FULL',
} as const;

/** What Lambda's service and its SDK fail with, a throttled function, and a function that failed or timed out. */
const LAMBDA_ERRORS = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'States.TaskFailed',
  'States.Timeout',
];

/** States.ALL does not catch an answer that is too large, so that is named. */
const ANY_FAILURE: readonly AslCatcher[] = [
  { ErrorEquals: ['States.DataLimitExceeded'], ResultPath: '$.failure', Next: 'ReportFailure' },
  { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'ReportFailure' },
];

/**
 * The rules workflow (Express): judges the records of one event of the bus, publishes what was judged, tells people.
 * Judging again gives the same events with the same keys, so every step may be tried again. An event that cannot be
 * processed goes to the dead-letter queue as it came, with its failure beside it.
 */
export function rulesWorkflow(resources: RulesWorkflowResources): AslDefinition {
  return {
    Comment: 'Judges enriched transactions and publishes what the rules say',
    TimeoutSeconds: EXECUTION_SECONDS_MAX,
    StartAt: 'Evaluate',
    States: {
      Evaluate: {
        Type: 'Task',
        Comment: 'Judges the records; a record that breaks its contract is set aside by the function, alone',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: resources.functionArn, 'Payload.$': '$' },
        ResultSelector: { 'calls.$': '$.Payload.calls', 'notifications.$': '$.Payload.notifications' },
        TimeoutSeconds: TASK_SECONDS_MAX,
        Retry: [{ ErrorEquals: LAMBDA_ERRORS, ...BACK_OFF }],
        Catch: ANY_FAILURE,
        Next: 'Publish',
      },
      Publish: publish(),
      Notify: notify(resources),
      Done: { Type: 'Succeed', Comment: 'Everything that was judged is published' },
      ReportFailure: {
        Type: 'Task',
        Comment: 'Keeps the event as it came, so that nothing is lost and it can be sent again',
        Resource: 'arn:aws:states:::sqs:sendMessage',
        Parameters: {
          QueueUrl: resources.deadLetterQueueUrl,
          'MessageBody.$': 'States.JsonToString($$.Execution.Input)',
          MessageAttributes: {
            ERROR_MESSAGE: { DataType: 'String', 'StringValue.$': 'States.JsonToString($.failure)' },
          },
        },
        TimeoutSeconds: TASK_SECONDS_MAX,
        Retry: [{ ErrorEquals: ['States.ALL'], ...BACK_OFF }],
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.report', Next: 'EventNotKept' }],
        Next: 'EventKept',
      },
      EventKept: {
        Type: 'Fail',
        Comment: 'The execution counts as failed, which raises the alarm',
        Error: 'RulesWorkflowFailed',
        Cause: 'The event could not be processed; it lies in the dead-letter queue with its failure',
      },
      EventNotKept: {
        Type: 'Fail',
        Comment: "Only the bus's archive still has the event",
        Error: 'RulesEventNotKept',
        Cause:
          'The event could not be processed, nor sent to the dead-letter queue: replay it from the archive',
      },
    },
  };
}

/** EventBridge.FailedEntry: the bus took only some entries of a call; a retry sends all again, with the same keys. */
function publish(): AslState {
  return {
    Type: 'Map',
    Comment: 'One PutEvents call for each ten entries',
    ItemsPath: '$.calls',
    MaxConcurrency: CALLS_IN_FLIGHT_MAX,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'INLINE' },
      StartAt: 'PutEvents',
      States: {
        PutEvents: {
          Type: 'Task',
          Comment: 'Findings, approvals and refusals',
          Resource: 'arn:aws:states:::events:putEvents',
          Parameters: { 'Entries.$': '$.Entries' },
          TimeoutSeconds: TASK_SECONDS_MAX,
          Retry: [
            { ErrorEquals: ['EventBridge.FailedEntry'], ...BACK_OFF },
            { ErrorEquals: ['States.ALL'], ...BACK_OFF },
          ],
          End: true,
        },
      },
    },
    ResultPath: null,
    Catch: ANY_FAILURE,
    Next: 'Notify',
  };
}

/** What was judged is published by now: that nobody could be told of it must not undo that. */
function notify({ notificationsTopicArn }: RulesWorkflowResources): AslState {
  return {
    Type: 'Map',
    Comment: 'One message for each rule that tells people',
    ItemsPath: '$.notifications',
    MaxConcurrency: CALLS_IN_FLIGHT_MAX,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'INLINE' },
      StartAt: 'Tell',
      States: {
        Tell: {
          Type: 'Task',
          Comment: 'Tells people',
          Resource: 'arn:aws:states:::sns:publish',
          Parameters: {
            TopicArn: notificationsTopicArn,
            'Subject.$': '$.subject',
            'Message.$': '$.message',
          },
          TimeoutSeconds: TASK_SECONDS_MAX,
          Retry: [{ ErrorEquals: ['States.ALL'], ...BACK_OFF }],
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'NotTold' }],
          End: true,
        },
        NotTold: {
          Type: 'Pass',
          Comment: 'The event that the message was to tell of is on the bus all the same',
          End: true,
        },
      },
    },
    ResultPath: null,
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Done' }],
    Next: 'Done',
  };
}
