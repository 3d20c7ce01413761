import { type Logger, pino } from 'pino';
import type { AwsContext } from './aws-context.ts';

/**
 * The fields that may be logged; any other is left out, so that no cardholder or customer data can slip into a
 * log with an object that somebody logs whole.
 */
const LOG_FIELDS = new Set([
  'stage',
  'requestId',
  'event',
  'eventId',
  'correlationId',
  'traceparent',
  'transactionId',
  'sequenceId',
  'idempotencyKey',
  'reason',
  'explanation',
  'errorCode',
  'errorMessage',
  'records',
  'emitted',
  'quarantined',
  'retried',
  'messages',
  'durationMs',
]);

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** A logger of one stage; each line is a JSON object with allowed fields only. */
export function makeLog(stage: string, level: string, aws: AwsContext): Log {
  return pino(
    {
      level,
      base: { stage },
      timestamp: () => `,"time":"${new Date(aws.clock.now()).toISOString()}"`,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => Object.fromEntries(Object.entries(fields).filter(([name]) => LOG_FIELDS.has(name))),
      },
    },
    { write: (line: string) => aws.output(line.trimEnd()) },
  );
}
