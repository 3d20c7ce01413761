import { AwsError } from '../../core/aws-error.ts';
import type { Account } from '../../core/resource.ts';
import type { Principal } from '../../core/service.ts';
import type { RequestContext } from './conditions.ts';
import type { DecisionCount, DecisionCounts, Denial, Grant, GrantUse } from './decision-counts.ts';
import { callerText, type Denier, denial } from './denial.ts';
import { type KeyOf, keyUses } from './key-uses.ts';
import { compilePolicy, type Statement } from './policy-document.ts';
import type { RoleDirectory } from './role-directory.ts';

/** Decisions that are kept; beyond it all are forgotten, which costs only time. */
const DECISIONS_MAX = 10_000;

const ALARMS = 'cloudwatch.amazonaws.com';

/** The policy of a resource as JSON text, when it has one. */
export type PolicyOf = (arn: string) => string | undefined;

/** What IAM asks of the rest of the cloud. */
export interface IamNeighbours {
  readonly policyOf: PolicyOf;
  /** The ARN of the key that encrypts a resource, when one does. */
  readonly keyOf?: KeyOf;
  /** The ARNs of the resources that may have a policy. */
  policyHolders?(): readonly string[];
}

interface Decision {
  /** What is counted: the grants that allow it, or the denial. */
  readonly counts: readonly DecisionCount[];
  /** The message as AWS words it, when it is denied. */
  readonly denied: string | undefined;
}

interface Match {
  readonly grant: Pick<Grant, 'holder' | 'policy'>;
  readonly statement: Statement;
}

const RESOURCE_POLICY = 'resource policy';

/**
 * Decides what a caller may do, as IAM does within one account: any matching Deny wins; else one matching
 * Allow in the role's policies or in the resource's is enough; a service has only the resource's policy; a
 * key's policy must itself allow, or leave the matter to IAM.
 * Source: IAM User Guide, "Policy evaluation logic"; KMS Developer Guide, "Key policies".
 */
export class Authorizer {
  readonly #account: Account;
  readonly #roles: RoleDirectory;
  readonly #neighbours: IamNeighbours;
  readonly #counts: DecisionCounts;
  readonly #decisions = new Map<string, Decision>();
  readonly #resourcePolicies = new Map<string, readonly Statement[]>();
  #rolesVersion = -1;

  constructor(account: Account, roles: RoleDirectory, counts: DecisionCounts, neighbours: IamNeighbours) {
    this.#account = account;
    this.#roles = roles;
    this.#counts = counts;
    this.#neighbours = neighbours;
  }

  /**
   * Passes when the caller may; what a key encrypts, the caller may only use with the key.
   *
   * @param action for example `sqs:SendMessage`
   * @param resourceArn the resource acted on, or `*`
   * @param context condition keys in lower case
   * @throws AwsError AccessDeniedException
   */
  authorize(caller: Principal, action: string, resourceArn: string, context?: RequestContext): void {
    if (caller.kind === 'owner') return;
    const { counts, denied } = this.#decide(caller, action, resourceArn, context);
    for (const count of counts) this.#counts.add(count);
    if (denied !== undefined) throw new AwsError('AccessDeniedException', denied, { status: 400 });
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

  /**
   * Every grant of every role, customer-managed policy and resource, one by one for each action and resource, with how
   * often it allowed a call; also those that did and are not deployed any more.
   */
  grants(): GrantUse[] {
    const uses = new Map(this.#counts.used().map((use) => [nameOfGrant(use), use]));
    const add = (holder: string, policy: string, statements: readonly Statement[]): void => {
      for (const { effect, id, actions, resources } of statements) {
        if (effect !== 'Allow') continue;
        for (const action of actions) {
          for (const resource of resources) {
            const grant = { holder, policy, statement: id, action, resource };
            if (!uses.has(nameOfGrant(grant))) uses.set(nameOfGrant(grant), { ...grant, used: 0 });
          }
        }
      }
    };
    for (const role of this.#roles.arns()) {
      for (const policy of this.#roles.policiesOf(role)) add(policy.holder, policy.name, policy.statements);
    }
    for (const policy of this.#roles.customerPolicies()) add(policy.holder, policy.name, policy.statements);
    for (const arn of this.#neighbours.policyHolders?.() ?? []) {
      add(arn, RESOURCE_POLICY, this.#resourceStatements(arn));
    }
    return [...uses.values()];
  }

  /** What was denied, and how often. */
  denials(): Denial[] {
    return this.#counts.denied();
  }

  /** Stores how often what was decided. */
  save(): void {
    this.#counts.save();
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
      decision = this.#decideAnew(caller, action, resourceArn, context);
      this.#decisions.set(key, decision);
    }
    return decision;
  }

  #decideAnew(caller: Principal, action: string, resourceArn: string, context?: RequestContext): Decision {
    const own = this.#evaluate(caller, action, resourceArn, this.#contextOf(caller, context));
    const key = own.denied === undefined ? this.#neighbours.keyOf?.(resourceArn) : undefined;
    if (key === undefined) return own;
    const uses = keyUses(action).map((use) =>
      this.#evaluate(caller, use, key, this.#contextOf(caller, undefined)),
    );
    const denied = uses.find((use) => use.denied !== undefined);
    return denied ?? { counts: [own, ...uses].flatMap(({ counts }) => counts), denied: undefined };
  }

  #evaluate(caller: Principal, action: string, resourceArn: string, context: RequestContext): Decision {
    const applies = (statement: Statement): boolean =>
      statement.matchesAction(action) &&
      statement.matchesResource(resourceArn) &&
      statement.matchesContext(context);
    const identity: Match[] = (caller.kind === 'role' ? this.#roles.policiesOf(caller.arn) : []).flatMap(
      ({ holder, name, statements }) =>
        statements.filter(applies).map((statement) => ({ grant: { holder, policy: name }, statement })),
    );
    const resource = this.#resourceStatements(resourceArn)
      .filter(applies)
      .map((statement) => ({
        grant: { holder: policyHolderOf(resourceArn), policy: RESOURCE_POLICY },
        statement,
        match: statement.matchesPrincipal(caller, this.#account.id),
      }))
      .filter(({ match }) => match !== 'no');
    const allowedBy = (matches: readonly Match[]): Decision => ({
      counts: matches.map((match) => this.#countOf(match, action, resourceArn)),
      denied: undefined,
    });
    const deniedBy = (refuser: Denier | undefined): Decision => ({
      counts: [this.#counts.ofDenial(callerText(caller), action, resourceArn)],
      denied: denial(caller, action, resourceArn, refuser),
    });

    if (identity.some(({ statement }) => statement.effect === 'Deny')) return deniedBy('identity-based');
    if (resource.some(({ statement }) => statement.effect === 'Deny')) return deniedBy('resource-based');
    // The first that allows is enough: a second one that says the same is never used, and so is found to be too many.
    const [granted] = identity;
    if (granted !== undefined && this.#identityCounts(resourceArn, resource.length > 0)) {
      const delegating = resource.find(({ match }) => match === 'delegates');
      return allowedBy(delegating === undefined ? [granted] : [granted, delegating]);
    }
    const granting = resource.find(({ match }) => match === 'yes');
    return granting === undefined ? deniedBy(undefined) : allowedBy([granting]);
  }

  /** A KMS key with a policy is its own master: identity policies count only where its policy says so. */
  #identityCounts(resourceArn: string, resourcePolicyAgrees: boolean): boolean {
    if (!resourceArn.startsWith('arn:aws:kms:')) return true;
    return resourcePolicyAgrees || this.#resourceStatements(resourceArn).length === 0;
  }

  #resourceStatements(resourceArn: string): readonly Statement[] {
    const known = this.#resourcePolicies.get(resourceArn);
    if (known !== undefined) return known;
    const policy = this.#neighbours.policyOf(resourceArn);
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

  #countOf({ grant, statement }: Match, action: string, resourceArn: string): DecisionCount {
    return this.#counts.ofGrant({
      ...grant,
      statement: statement.id,
      ...statement.written(action, resourceArn),
    });
  }
}

/** The resource whose policy speaks of a resource: the bucket of an object, else the resource itself. */
function policyHolderOf(resourceArn: string): string {
  return resourceArn.startsWith('arn:aws:s3:') ? (resourceArn.split('/')[0] ?? '') : resourceArn;
}

function nameOfGrant({ holder, policy, statement, action, resource }: Grant): string {
  return [holder, policy, statement, action, resource].join('\n');
}
