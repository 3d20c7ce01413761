import type { JsonObject } from '../../core/aws-error.ts';
import type { Account, ResourceType } from '../../core/resource.ts';
import type { Store } from '../../core/store.ts';
import { optionalInteger, requiredText } from '../sqs/members.ts';
import type { LogStore } from './log-store.ts';

const RETENTION_DAYS = { min: 0, max: 3653 };

/** The resource policies of CloudWatch Logs, which belong to the account and not to a group. */
export class ResourcePolicies {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.define(
      'CREATE TABLE IF NOT EXISTS log_policies (name TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT',
    );
  }

  put(name: string, document: string): void {
    this.#store.run('INSERT OR REPLACE INTO log_policies VALUES (?, ?)', name, document);
  }

  remove(name: string): void {
    this.#store.run('DELETE FROM log_policies WHERE name = ?', name);
  }

  /** All statements of all policies in one document. */
  combined(): string | undefined {
    const rows = this.#store.all<{ document: string }>('SELECT document FROM log_policies ORDER BY name');
    if (rows.length === 0) return undefined;
    return JSON.stringify({ Statement: rows.flatMap(({ document }) => JSON.parse(document).Statement) });
  }
}

/** The Terraform resources of CloudWatch Logs. */
export function logsResources(account: Account, logs: LogStore, policies: ResourcePolicies): ResourceType[] {
  return [groupType(account, logs), policyType(policies)];
}

function groupType(account: Account, logs: LogStore): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    const name = requiredText(args, 'name');
    const days = optionalInteger(args, 'retention_in_days', RETENTION_DAYS);
    // 0 is Terraform's way to say "for ever".
    logs.putGroup(name, days === 0 ? undefined : days);
    return { id: name, name, arn: `arn:aws:logs:${account.region}:${account.id}:log-group:${name}` };
  };
  return {
    type: 'aws_cloudwatch_log_group',
    runs: ['name', 'retention_in_days'],
    accepts: {
      kms_key_id: 'Logs never leave the machine.',
      log_group_class: 'All groups are alike here.',
      skip_destroy: 'A group is destroyed with its stack.',
      tags: 'Nobody bills one machine by tags.',
    },
    create: put,
    update: put,
    destroy: (state) => logs.removeGroup(requiredText(state.arguments, 'name')),
  };
}

function policyType(policies: ResourcePolicies): ResourceType {
  const put = (args: JsonObject): JsonObject => {
    const name = requiredText(args, 'policy_name');
    policies.put(name, requiredText(args, 'policy_document'));
    return { id: name };
  };
  return {
    type: 'aws_cloudwatch_log_resource_policy',
    runs: ['policy_name', 'policy_document'],
    accepts: {},
    create: put,
    update: put,
    destroy: (state) => policies.remove(requiredText(state.arguments, 'policy_name')),
  };
}
