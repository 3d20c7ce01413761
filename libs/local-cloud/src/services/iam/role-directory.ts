import type { Store } from '../../core/store.ts';
import { managedPolicy } from './managed-policies.ts';
import { compilePolicy, type Statement } from './policy-document.ts';
import { PolicyError } from './policy-error.ts';

/** A policy that applies to a role. */
export interface AppliedPolicy {
  /** Whose it is: the role's, or its own when it may be attached to several. */
  readonly holder: string;
  readonly name: string;
  readonly statements: readonly Statement[];
}

/** The roles of the account with their policies; compiled once, until something changes. */
export class RoleDirectory {
  readonly #store: Store;
  readonly #policies = new Map<string, readonly AppliedPolicy[]>();
  #version = 0;

  constructor(store: Store) {
    this.#store = store;
    store.define(`
      CREATE TABLE IF NOT EXISTS iam_roles (
        name TEXT PRIMARY KEY, arn TEXT NOT NULL UNIQUE, trust TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS iam_role_policies (
        role TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (role, name)) STRICT;
      CREATE TABLE IF NOT EXISTS iam_policies (arn TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS iam_attachments (
        role TEXT NOT NULL, policy_arn TEXT NOT NULL, PRIMARY KEY (role, policy_arn)) STRICT;`);
  }

  /** Grows with every change, so that decisions made before can be told apart. */
  get version(): number {
    return this.#version;
  }

  /** @throws PolicyError when the trust policy cannot be enforced */
  putRole(name: string, arn: string, trust: string): void {
    compilePolicy(trust);
    this.#store.run(
      `INSERT INTO iam_roles VALUES (?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET arn = excluded.arn, trust = excluded.trust`,
      name,
      arn,
      trust,
    );
    this.#changed();
  }

  removeRole(name: string): void {
    this.#store.run('DELETE FROM iam_roles WHERE name = ?', name);
    this.#store.run('DELETE FROM iam_role_policies WHERE role = ?', name);
    this.#store.run('DELETE FROM iam_attachments WHERE role = ?', name);
    this.#changed();
  }

  /** @throws PolicyError when the policy cannot be enforced, or there is no such role */
  putRolePolicy(role: string, name: string, document: string): void {
    compilePolicy(document);
    this.#mustHave(role);
    this.#store.run('INSERT OR REPLACE INTO iam_role_policies VALUES (?, ?, ?)', role, name, document);
    this.#changed();
  }

  removeRolePolicy(role: string, name: string): void {
    this.#store.run('DELETE FROM iam_role_policies WHERE role = ? AND name = ?', role, name);
    this.#changed();
  }

  /** @throws PolicyError when the policy cannot be enforced */
  putPolicy(arn: string, document: string): void {
    compilePolicy(document);
    this.#store.run('INSERT OR REPLACE INTO iam_policies VALUES (?, ?)', arn, document);
    this.#changed();
  }

  removePolicy(arn: string): void {
    this.#store.run('DELETE FROM iam_policies WHERE arn = ?', arn);
    this.#changed();
  }

  /** @throws PolicyError when there is no such role or policy */
  attach(role: string, policyArn: string): void {
    this.#mustHave(role);
    if (this.#document(policyArn) === undefined)
      throw new PolicyError(`there is no policy ${policyArn} here`);
    this.#store.run('INSERT OR REPLACE INTO iam_attachments VALUES (?, ?)', role, policyArn);
    this.#changed();
  }

  detach(role: string, policyArn: string): void {
    this.#store.run('DELETE FROM iam_attachments WHERE role = ? AND policy_arn = ?', role, policyArn);
    this.#changed();
  }

  /** The ARNs of all roles. */
  arns(): string[] {
    return this.#store.all<{ arn: string }>('SELECT arn FROM iam_roles ORDER BY name').map((row) => row.arn);
  }

  /** The trust policy of a role, or undefined when there is no such role. */
  trustOf(roleArn: string): string | undefined {
    return this.#store.get<{ trust: string }>('SELECT trust FROM iam_roles WHERE arn = ?', roleArn)?.trust;
  }

  /** The identity policies of a role, inline and attached; none when there is no such role. */
  policiesOf(roleArn: string): readonly AppliedPolicy[] {
    const known = this.#policies.get(roleArn);
    if (known !== undefined) return known;
    const inline = this.#store.all<{ name: string; document: string }>(
      `SELECT p.name, p.document FROM iam_role_policies p JOIN iam_roles r ON r.name = p.role
        WHERE r.arn = ? ORDER BY p.name`,
      roleArn,
    );
    const attached = this.#store.all<{ arn: string }>(
      `SELECT a.policy_arn AS arn FROM iam_attachments a JOIN iam_roles r ON r.name = a.role
        WHERE r.arn = ? ORDER BY a.policy_arn`,
      roleArn,
    );
    const policies = [
      ...inline.map((row) => ({ holder: roleArn, name: row.name, statements: compilePolicy(row.document) })),
      ...attached.flatMap(({ arn }) => {
        const document = this.#document(arn);
        return document === undefined ? [] : [attachable(arn, document)];
      }),
    ];
    this.#policies.set(roleArn, policies);
    return policies;
  }

  /** The policies of ours that may be attached to roles, whether they are or not. */
  customerPolicies(): AppliedPolicy[] {
    return this.#store
      .all<{ arn: string; document: string }>('SELECT arn, document FROM iam_policies ORDER BY arn')
      .map(({ arn, document }) => attachable(arn, document));
  }

  #document(policyArn: string): string | undefined {
    return (
      managedPolicy(policyArn) ??
      this.#store.get<{ document: string }>('SELECT document FROM iam_policies WHERE arn = ?', policyArn)
        ?.document
    );
  }

  #mustHave(role: string): void {
    if (this.#store.get('SELECT 1 FROM iam_roles WHERE name = ?', role) === undefined) {
      throw new PolicyError(`there is no role ${role} here`);
    }
  }

  #changed(): void {
    this.#policies.clear();
    this.#version += 1;
  }
}

function attachable(arn: string, document: string): AppliedPolicy {
  return { holder: arn, name: 'managed policy', statements: compilePolicy(document) };
}
