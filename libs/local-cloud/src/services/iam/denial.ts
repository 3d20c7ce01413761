import type { Principal } from '../../core/service.ts';

/** What sort of policy has an explicit Deny; a call that nothing allows has none. */
export type Denier = 'identity-based' | 'resource-based';

/** The message as AWS words it, which names caller, action and resource. */
export function denial(
  caller: Principal,
  action: string,
  resourceArn: string,
  by: Denier | undefined,
): string {
  const base = caller.kind === 'service' ? 'resource-based' : 'identity-based';
  const reason =
    by === undefined
      ? `because no ${base} policy allows the ${action} action`
      : `with an explicit deny in ${by === 'identity-based' ? 'an' : 'a'} ${by} policy`;
  return `User: ${callerText(caller)} is not authorized to perform: ${action} on resource: ${resourceArn} ${reason}`;
}

/** Whoever calls, as a denial names them. */
export function callerText(caller: Principal): string {
  if (caller.kind === 'role') return sessionArn(caller.arn);
  return caller.kind === 'service' ? `${caller.service} (on behalf of ${caller.sourceArn})` : 'owner';
}

function sessionArn(roleArn: string): string {
  const [, , , , account = '', path = ''] = roleArn.split(':');
  const name = path.split('/').at(-1) ?? '';
  return `arn:aws:sts::${account}:assumed-role/${name}/local`;
}
