import type { StageDeclaration } from '@payments/schemas';
import type { EnvironmentVariables } from './aws-context.ts';
import { EnvironmentError } from './kit-error.ts';

/** What the kit itself reads, in the functions that use it; the Terraform constructs set them. */
export const KIT_ENVIRONMENT = {
  EVENT_BUS_NAME: 'the bus that events are published to',
  DELIVERY_MODE: 'how the events of this stage are packed: real-time, near-real-time or batch',
  QUARANTINE_BUCKET: 'where records that break their contract are set aside',
  STAGE_QUEUE_URL: 'the queue that a scheduled drain empties',
  METRICS_NAMESPACE: 'the CloudWatch namespace of this environment',
  LOG_LEVEL: 'the least important level that is logged',
} as const;

export type KitVariable = keyof typeof KIT_ENVIRONMENT;

/**
 * The declared environment of a stage, every variable present.
 *
 * @throws EnvironmentError naming the first variable that is missing, when it is read
 */
export function readEnvironment<Declaration extends StageDeclaration>(
  stage: Declaration,
  variables: EnvironmentVariables,
): Readonly<Record<keyof Declaration['environment'], string>> {
  return new Proxy({} as Record<keyof Declaration['environment'], string>, {
    get: (_target, name) => {
      const key = String(name);
      const holds = stage.environment[key];
      if (holds === undefined) throw new EnvironmentError(stage.name, key, 'which it does not declare');
      return required(stage.name, variables, key, holds);
    },
  });
}

/** @throws EnvironmentError */
export function readKitVariable(
  stage: StageDeclaration,
  variables: EnvironmentVariables,
  name: KitVariable,
): string {
  return required(stage.name, variables, name, KIT_ENVIRONMENT[name]);
}

function required(stage: string, variables: EnvironmentVariables, name: string, holds: string): string {
  const value = variables[name];
  if (value === undefined || value === '') throw new EnvironmentError(stage, name, holds);
  return value;
}
