import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  grantPutEvents,
  runSynthesis,
  type StageContext,
  StageFunction,
  StageStack,
  StageSubscription,
  subscriberTimeoutSeconds,
} from '@payments/infra';
import { stage } from './stage.ts';

/** The bank's own accounts by role, scheme and currency, beside this file. */
const POSTING_ACCOUNTS_FILE = 'posting-accounts.json';

/** The chart of posting accounts cannot be read. */
export class PostingAccountsError extends Error {
  override readonly name = 'PostingAccountsError';
  readonly code = 'PostingAccounts';
  readonly retryable = false;
}

/** One function behind its queue, which knows the bank's own accounts by its environment. */
export function buildStack(context: StageContext): StageStack {
  const stack = new StageStack(context, stage);
  const subscriber = new StageFunction(stack, 'subscriber', {
    entry: 'handler',
    timeoutSeconds: subscriberTimeoutSeconds(stack),
    environment: { POSTING_ACCOUNTS: readPostingAccounts() },
  });
  grantPutEvents(stack, subscriber);
  new StageSubscription(stack, subscriber);
  return stack;
}

/** The file's JSON without its white space: an environment has 4 KB for all variables. */
function readPostingAccounts(): string {
  try {
    return JSON.stringify(JSON.parse(readFileSync(join(import.meta.dirname, POSTING_ACCOUNTS_FILE), 'utf8')));
  } catch (cause) {
    throw new PostingAccountsError(
      `src/${POSTING_ACCOUNTS_FILE} of account-interface cannot be read as JSON`,
      {
        cause,
      },
    );
  }
}

if (import.meta.main) runSynthesis(stage.name, buildStack, import.meta.dirname);
