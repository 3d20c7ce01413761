import type { Account } from '../../core/resource.ts';

/** The ARN of a state machine. */
export function stateMachineArn(account: Account, name: string): string {
  return `arn:aws:states:${account.region}:${account.id}:stateMachine:${name}`;
}

/** The ARN of a Standard execution. */
export function standardExecutionArn(account: Account, machine: string, name: string): string {
  return `arn:aws:states:${account.region}:${account.id}:execution:${machine}:${name}`;
}

/** The ARN of an Express execution, which names repeat: the id tells them apart. */
export function expressExecutionArn(account: Account, machine: string, name: string, id: string): string {
  return `arn:aws:states:${account.region}:${account.id}:express:${machine}:${name}:${id}`;
}

/** True for the ARN of an Express execution. */
export function isExpressExecutionArn(arn: string): boolean {
  return arn.split(':')[5] === 'express';
}
