import type { Catcher, ErrorHandling } from '../attempts.ts';
import type { Build } from '../build.ts';
import type { Fields } from '../fields.ts';
import {
  RETRY_ATTEMPTS_DEFAULT,
  RETRY_BACKOFF_RATE_DEFAULT,
  RETRY_INTERVAL_SECONDS_DEFAULT,
  type Retrier,
} from '../retry.ts';
import { compileAssign, compileResult } from './flow.ts';

/** Retry and Catch of a Task, Parallel or Map state. */
export function compileErrorHandling(fields: Fields, build: Build): ErrorHandling {
  return {
    retriers: fields.objects('Retry').map(compileRetrier),
    catchers: fields.objects('Catch').map((catcher) => compileCatcher(catcher, build)),
  };
}

function compileRetrier(fields: Fields): Retrier {
  const jitter = fields.text('JitterStrategy') ?? 'NONE';
  if (jitter !== 'NONE' && jitter !== 'FULL') fields.problem(`JitterStrategy '${jitter}' is not known`);
  const retrier = {
    errorEquals: errorNames(fields),
    intervalSeconds: fields.number('IntervalSeconds', 1) ?? RETRY_INTERVAL_SECONDS_DEFAULT,
    maxAttempts: fields.number('MaxAttempts', 0) ?? RETRY_ATTEMPTS_DEFAULT,
    backoffRate: fields.number('BackoffRate', 1) ?? RETRY_BACKOFF_RATE_DEFAULT,
    maxDelaySeconds: fields.number('MaxDelaySeconds', 1),
    fullJitter: jitter === 'FULL',
  };
  fields.finish();
  return retrier;
}

function compileCatcher(fields: Fields, build: Build): Catcher {
  const next = fields.requiredText('Next');
  if (next !== '') build.goesTo(fields, next);
  const catcher = {
    errorEquals: errorNames(fields),
    next,
    resultPath: compileResult(fields),
    assign: compileAssign(fields),
  };
  fields.finish();
  return catcher;
}

function errorNames(fields: Fields): readonly string[] {
  const names = fields.list('ErrorEquals') ?? [];
  const texts = names.filter((name) => typeof name === 'string');
  if (texts.length === 0 || texts.length !== names.length)
    fields.problem('ErrorEquals needs a list of names');
  if (texts.length > 1 && texts.includes('States.ALL')) fields.problem('States.ALL must stand alone');
  return texts;
}
