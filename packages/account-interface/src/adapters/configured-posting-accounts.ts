import { PostingAccountsError } from '../errors.ts';
import type { BankAccountPurpose, PostingAccount, PostingAccounts } from '../ports.ts';

/** The role that an entry names for each purpose. */
const ROLES = { SUSP: 'SUSP', SUSP_CASH: 'SUSP', FEE_INC: 'FEE_INC', TAX: 'TAX' } as const;
const PURPOSES = Object.keys(ROLES) as BankAccountPurpose[];

/**
 * The bank's own accounts from configuration: for each purpose a pattern in which `{scheme}` and `{currency}`
 * stand for those of the transaction.
 */
export class ConfiguredPostingAccounts implements PostingAccounts {
  readonly #patterns: Readonly<Record<BankAccountPurpose, string>>;
  readonly #branch: string;
  readonly #made = new Map<string, PostingAccount>();

  /**
   * @param json the text of `posting-accounts.json`
   * @throws PostingAccountsError naming what is missing
   */
  constructor(json: string) {
    const configuration = parse(json);
    const text = (name: string): string => {
      const value = configuration[name];
      if (typeof value !== 'string' || value === '')
        throw new PostingAccountsError(`posting accounts lack ${name}`);
      return value;
    };
    this.#branch = text('branch');
    this.#patterns = Object.fromEntries(PURPOSES.map((purpose) => [purpose, text(purpose)])) as Record<
      BankAccountPurpose,
      string
    >;
  }

  accountFor(purpose: BankAccountPurpose, scheme: string, currency: string): PostingAccount {
    const accountId = this.#patterns[purpose]
      .replace('{scheme}', scheme.replaceAll('_', '-'))
      .replace('{currency}', currency);
    let account = this.#made.get(accountId);
    if (account === undefined) {
      account = { role: ROLES[purpose], accountId, currency, branch: this.#branch };
      this.#made.set(accountId, account);
    }
    return account;
  }
}

function parse(json: string): Record<string, unknown> {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch (cause) {
    throw new PostingAccountsError('posting accounts are not JSON', cause);
  }
}
