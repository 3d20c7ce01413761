import { AwsError } from '../../core/aws-error.ts';
import type { Account } from '../../core/resource.ts';
import type { Principal } from '../../core/service.ts';
import type { RequestContext } from './conditions.ts';
import { compilePolicy, type Statement } from './policy-document.ts';
import type { AppliedPolicy, RoleDirectory } from './role-directory.ts';

/** Decisions that are kept; beyond it all are forgotten, which costs only time. */
const DECISIONS_MAX = 10_000;

const ALARMS = 'cloudwatch.amazonaws.com';

/** The policy of a resource as JSON text, when it has one. */
export type PolicyOf = (arn: string) => string | undefined;

/** How often a statement of a policy has decided. */
export interface StatementUsage {
  /** The role, or the resource whose policy it is. */
  readonly holder: string;
  readonly policy: string;
  readonly statement: string;
  readonly actions: readonly string[];
  readonly used: number;
}

interface Use {
  readonly holder: string;
  readonly policy: string;
  readonly statement: Statement;
  count: number;
}

interface Decision {
  readonly allowed: boolean;
  /** The statement that decided; none when nothing allowed. */
  readonly use: Use | undefined;
  readonly denied: 'identity-based' | 'resource-based' | undefined;
}

/**
 * Decides what a caller may do, as IAM does within one account: any matching Deny wins; else one matching
 * Allow in the role's policies or in the resource's is enough; a service has only the resource's policy; a
 * key's policy must itself allow, or leave the matter to IAM.
 * Source: IAM User Guide, "Policy evaluation logic"; KMS Developer Guide, "Key policies".
 */
export class Authorizer {
  readonly #account: Account;
  readonly #roles: RoleDirectory;
  readonly #policyOf: PolicyOf;
  readonly #decisions = new Map<string, Decision>();
  readonly #uses = new Map<string, Use>();
  readonly #resourcePolicies = new Map<string, readonly Statement[]>();
  #rolesVersion = -1;

  constructor(account: Account, roles: RoleDirectory, policyOf: PolicyOf) {
    this.#account = account;
    this.#roles = roles;
    this.#policyOf = policyOf;
  }

  /**
   * Passes when the caller may.
   *
   * @param action for example `sqs:SendMessage`
   * @param resourceArn the resource acted on, or `*`
   * @param context condition keys in lower case
   * @throws AwsError AccessDeniedException
   */
  authorize(caller: Principal, action: string, resourceArn: string, context?: RequestContext): void {
    if (caller.kind === 'owner') return;
    const decision = this.#decide(caller, action, resourceArn, context);
    if (decision.use !== undefined) decision.use.count += 1;
    if (decision.allowed) return;
    throw new AwsError('AccessDeniedException', denial(caller, action, resourceArn, decision), {
      status: 400,
    });
  }

  /**
   * Passes when a service may act in a role.
   *
   * @param service for example `lambda.amazonaws.com`
   * @throws AwsError AccessDeniedException when the role is missing or its trust policy does not allow it
   */
  assertAssumable(roleArn: string, service: string, sourceArn: string): void {
    const trust = this.#roles.trustOf(roleArn);
    const principal: Principal = { kind: 'service', service, sourceArn };
    const context = this.#contextOf(principal, undefined);
    const matching = (trust === undefined ? [] : compilePolicy(trust)).filter(
      (statement) =>
        statement.matchesAction('sts:AssumeRole') &&
        statement.matchesContext(context) &&
        statement.matchesPrincipal(principal, this.#account.id) === 'yes',
    );
    if (matching.some((s) => s.effect === 'Allow') && !matching.some((s) => s.effect === 'Deny')) return;
    const reason = trust === undefined ? 'there is no such role' : 'its trust policy does not allow it';
    throw new AwsError('AccessDeniedException', `${service} cannot assume the role ${roleArn}: ${reason}.`);
  }

  /** Forgets what was decided, since a policy of a resource has changed. */
  forget(): void {
    this.#decisions.clear();
    this.#resourcePolicies.clear();
  }

  /** Every statement of every role, and those of resources that were asked, with how often it decided. */
  usage(): StatementUsage[] {
    for (const roleArn of this.#roles.arns()) {
      for (const policy of this.#roles.policiesOf(roleArn)) {
        for (const statement of policy.statements) this.#use(roleArn, policy.name, statement);
      }
    }
    return [...this.#uses.values()].map((use) => ({
      holder: use.holder,
      policy: use.policy,
      statement: use.statement.id,
      actions: use.statement.actions,
      used: use.count,
    }));
  }

  #decide(caller: Principal, action: string, resourceArn: string, context?: RequestContext): Decision {
    if (this.#rolesVersion !== this.#roles.version || this.#decisions.size > DECISIONS_MAX) {
      this.forget();
      this.#rolesVersion = this.#roles.version;
    }
    const who = caller.kind === 'service' ? `${caller.service}\n${caller.sourceArn}` : this.#nameOf(caller);
    const detail = context === undefined ? '' : JSON.stringify(context);
    const key = `${who}\n${action}\n${resourceArn}\n${detail}`;
    let decision = this.#decisions.get(key);
    if (decision === undefined) {
      decision = this.#evaluate(caller, action, resourceArn, this.#contextOf(caller, context));
      this.#decisions.set(key, decision);
    }
    return decision;
  }

  #evaluate(caller: Principal, action: string, resourceArn: string, context: RequestContext): Decision {
    const applies = (statement: Statement): boolean =>
      statement.matchesAction(action) &&
      statement.matchesResource(resourceArn) &&
      statement.matchesContext(context);
    const identity = caller.kind === 'role' ? this.#roles.policiesOf(caller.arn) : [];
    const identityMatches = identity.flatMap((policy) =>
      policy.statements.filter(applies).map((statement) => ({ policy, statement })),
    );
    const resourceMatches = this.#resourceStatements(resourceArn)
      .filter(applies)
      .map((statement) => ({ statement, match: statement.matchesPrincipal(caller, this.#account.id) }))
      .filter(({ match }) => match !== 'no');

    const identityDeny = identityMatches.find(({ statement }) => statement.effect === 'Deny');
    if (identityDeny !== undefined) {
      return { allowed: false, use: this.#useOf(caller, identityDeny), denied: 'identity-based' };
    }
    const resourceDeny = resourceMatches.find(({ statement }) => statement.effect === 'Deny');
    if (resourceDeny !== undefined) {
      const use = this.#use(resourceArn, 'resource policy', resourceDeny.statement);
      return { allowed: false, use, denied: 'resource-based' };
    }
    const granting = resourceMatches.find(({ match }) => match === 'yes');
    const identityAllow = identityMatches[0];
    if (identityAllow !== undefined && this.#identityCounts(resourceArn, resourceMatches.length > 0)) {
      return { allowed: true, use: this.#useOf(caller, identityAllow), denied: undefined };
    }
    if (granting !== undefined) {
      const use = this.#use(resourceArn, 'resource policy', granting.statement);
      return { allowed: true, use, denied: undefined };
    }
    return { allowed: false, use: undefined, denied: undefined };
  }

  /** A KMS key with a policy is its own master: identity policies count only where its policy says so. */
  #identityCounts(resourceArn: string, resourcePolicyAgrees: boolean): boolean {
    if (!resourceArn.startsWith('arn:aws:kms:')) return true;
    return resourcePolicyAgrees || this.#resourceStatements(resourceArn).length === 0;
  }

  #resourceStatements(resourceArn: string): readonly Statement[] {
    const known = this.#resourcePolicies.get(resourceArn);
    if (known !== undefined) return known;
    const policy = this.#policyOf(resourceArn);
    const statements = policy === undefined || policy === '' ? [] : compilePolicy(policy);
    this.#resourcePolicies.set(resourceArn, statements);
    return statements;
  }

  #contextOf(caller: Principal, context: RequestContext | undefined): RequestContext {
    const { id, region } = this.#account;
    // The old key of SNS's default topic policy, which among services only CloudWatch's alarms have.
    const owner =
      caller.kind === 'service' && caller.service === ALARMS ? { 'aws:sourceowner': id } : undefined;
    const who =
      caller.kind === 'service'
        ? { 'aws:sourcearn': caller.sourceArn, 'aws:sourceaccount': id, ...owner }
        : { 'aws:principalarn': this.#nameOf(caller), 'aws:principalaccount': id };
    return { 'aws:securetransport': 'true', 'aws:requestedregion': region, ...who, ...context };
  }

  #nameOf(caller: Principal): string {
    if (caller.kind === 'role') return caller.arn;
    return caller.kind === 'service' ? caller.service : `arn:aws:iam::${this.#account.id}:root`;
  }

  #useOf(caller: Principal, match: { policy: AppliedPolicy; statement: Statement }): Use {
    return this.#use(this.#nameOf(caller), match.policy.name, match.statement);
  }

  #use(holder: string, policy: string, statement: Statement): Use {
    const key = `${holder}\n${policy}\n${statement.id}`;
    let use = this.#uses.get(key);
    if (use === undefined) {
      use = { holder, policy, statement, count: 0 };
      this.#uses.set(key, use);
    }
    return use;
  }
}

/** The message as AWS words it, which names caller, action and resource. */
function denial(caller: Principal, action: string, resourceArn: string, decision: Decision): string {
  const who =
    caller.kind === 'role' ? sessionArn(caller.arn) : caller.kind === 'service' ? caller.service : 'owner';
  const base = caller.kind === 'service' ? 'resource-based' : 'identity-based';
  const reason =
    decision.denied === undefined
      ? `because no ${base} policy allows the ${action} action`
      : `with an explicit deny in a ${decision.denied} policy`.replace('a identity', 'an identity');
  const whose = caller.kind === 'service' ? ` (on behalf of ${caller.sourceArn})` : '';
  return `User: ${who}${whose} is not authorized to perform: ${action} on resource: ${resourceArn} ${reason}`;
}

function sessionArn(roleArn: string): string {
  const [, , , , account = '', path = ''] = roleArn.split(':');
  const name = path.split('/').at(-1) ?? '';
  return `arn:aws:sts::${account}:assumed-role/${name}/local`;
}
