import type { GrantReport } from '@payments/local-cloud';

/** What a policy allows, one action on one resource, by names that are the same in every environment. */
export interface Grant {
  /** Whose policy it is: a role (`role/enrich-subscriber`), a policy, a queue, a key. */
  readonly holder: string;
  /** The name of its statement. */
  readonly statement: string;
  readonly action: string;
  readonly resource: string;
  /** How many calls it allowed. */
  readonly used: number;
}

/** Calls that no policy allowed, or one denied. */
export interface Denial {
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
  readonly times: number;
}

/** What was granted, used and denied in one run or in many. */
export interface Grants {
  readonly grants: readonly Grant[];
  readonly denials: readonly Denial[];
}

/** The grants that allowed no call. */
export function unusedOf({ grants }: Pick<Grants, 'grants'>): readonly Grant[] {
  return grants.filter(({ used }) => used === 0);
}

/** What a name of an environment begins with: `<system>-<environment>`. */
export type Prefixes = readonly string[];

/** `arn:aws:<service>:<region>:<account>:`, of which only the service tells anything here. */
const ARN_HEAD = /^arn:aws:([a-z0-9-]+):[^:]*:[^:]*:/;
/** A bucket's name ends with the account. */
const ACCOUNT_AT_END = /-\d{12}(?=$|\/)/;
/** A stream is named by the moment at which it was made. */
const STREAM_LABEL = /\/stream\/.+$/;

/**
 * Gives what runs have in common one name each and adds it up. Holders that are not named as ours are left out: roles that
 * a test makes for itself, and policies that AWS wrote.
 */
export function mergeReports(reports: readonly GrantReport[], prefixes: Prefixes): Grants {
  const grants = new Map<string, Grant>();
  const denials = new Map<string, Denial>();
  for (const { keys, ...report } of reports) {
    const short = (name: string): string => shortName(keys[name] ?? name, prefixes);
    for (const { holder, statement, action, resource, used } of report.grants) {
      if (!isOurs(keys[holder] ?? holder, prefixes)) continue;
      const grant = { holder: short(holder), statement, action, resource: short(resource) };
      const key = Object.values(grant).join('\n');
      grants.set(key, { ...grant, used: used + (grants.get(key)?.used ?? 0) });
    }
    for (const { caller, action, resource, times } of report.denials) {
      const denial = { caller: callerName(caller, prefixes), action, resource: short(resource) };
      const key = Object.values(denial).join('\n');
      denials.set(key, { ...denial, times: times + (denials.get(key)?.times ?? 0) });
    }
  }
  const sorted = <Item extends object>(items: Map<string, Item>): Item[] =>
    [...items].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
  return { grants: sorted(grants), denials: sorted(denials) };
}

function isOurs(name: string, prefixes: Prefixes): boolean {
  return prefixes.some((prefix) => new RegExp(`(^|[:/])${prefix}($|[-/])`).test(name));
}

/** `arn:aws:sqs:eu-west-2:000000000000:payments-local-enrich-queue` as `sqs:enrich-queue`. */
function shortName(name: string, prefixes: Prefixes): string {
  const [, service = ''] = ARN_HEAD.exec(name) ?? [];
  const rest = name.replace(ARN_HEAD, '').replace(ACCOUNT_AT_END, '').replace(STREAM_LABEL, '/stream');
  return `${service === '' || service === 'iam' ? '' : `${service}:`}${withoutPrefix(rest, prefixes)}`;
}

/** A session of a role as `role/<name>`, a service by its principal. */
function callerName(caller: string, prefixes: Prefixes): string {
  const role = /:assumed-role\/([^/]+)\//.exec(caller)?.[1];
  if (role !== undefined) return `role/${withoutPrefix(role, prefixes)}`;
  return caller.split(' ')[0] ?? caller;
}

function withoutPrefix(name: string, prefixes: Prefixes): string {
  // A longer prefix first: `payments-localbatch` begins as `payments-local` does.
  const alternatives = [...prefixes].sort((a, b) => b.length - a.length).join('|');
  return name
    .replace(new RegExp(`(^|[:/])(?:${alternatives})-`, 'g'), '$1')
    .replace(new RegExp(`(^|[:/])(?:${alternatives})$`), '$1platform');
}
