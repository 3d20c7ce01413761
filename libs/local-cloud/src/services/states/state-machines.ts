import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { ServiceContext } from '../../core/seams.ts';
import { stateMachineArn } from './arns.ts';
import { compileDefinition, type Definition } from './asl/definition.ts';
import type { FindIntegration } from './asl/integration.ts';

export type StateMachineType = 'STANDARD' | 'EXPRESS';

/** The largest definition, in characters (the quota is 1 MB). */
const DEFINITION_CHARACTERS_MAX = 1_048_576;
const NAME = /^[A-Za-z0-9_-]{1,80}$/;

/** A state machine, ready to run. */
export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  readonly type: StateMachineType;
  readonly roleArn: string;
  /** The definition as it was given. */
  readonly text: string;
  readonly definition: Definition;
  /** As CreateStateMachine takes it. */
  readonly logging: JsonObject;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Changes with every update; empty for the first. */
  readonly revisionId: string;
}

/** What a state machine is made from. */
export interface StateMachineSettings {
  readonly name: string;
  readonly type: StateMachineType;
  readonly roleArn: string;
  readonly text: string;
  readonly logging: JsonObject;
}

interface MachineRow {
  arn: string;
  name: string;
  type: StateMachineType;
  role_arn: string;
  definition: string;
  logging: string;
  created_at: number;
  revision_id: string;
}

/** All state machines: kept in the store, compiled once. */
export class StateMachines {
  readonly #context: ServiceContext;
  readonly #integrations: Readonly<Record<StateMachineType, FindIntegration>>;
  readonly #machines = new Map<string, StateMachine>();

  constructor(context: ServiceContext, integrations: Readonly<Record<StateMachineType, FindIntegration>>) {
    this.#context = context;
    this.#integrations = integrations;
    context.store.define(
      `CREATE TABLE IF NOT EXISTS states_machines (
         arn TEXT PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, role_arn TEXT NOT NULL,
         definition TEXT NOT NULL, logging TEXT NOT NULL, created_at INTEGER NOT NULL, revision_id TEXT NOT NULL
       ) STRICT`,
    );
  }

  /** Takes up the machines that the store holds. */
  resume(): void {
    for (const row of this.#context.store.all<MachineRow>('SELECT * FROM states_machines')) {
      this.#machines.set(row.arn, {
        arn: row.arn,
        name: row.name,
        type: row.type,
        roleArn: row.role_arn,
        text: row.definition,
        definition: this.compile(row.definition, row.type),
        logging: JSON.parse(row.logging),
        createdAt: row.created_at,
        revisionId: row.revision_id,
      });
    }
  }

  /** @throws AwsError StateMachineDoesNotExist */
  get(arn: string): StateMachine {
    const machine = this.#machines.get(arn);
    if (machine !== undefined) return machine;
    throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  }

  /** All of them, in order of creation. */
  all(): readonly StateMachine[] {
    return [...this.#machines.values()];
  }

  /**
   * Makes a state machine; asking again for the very same one gives it.
   *
   * @throws AwsError InvalidName, InvalidDefinition, StateMachineAlreadyExists
   */
  create(settings: StateMachineSettings): StateMachine {
    if (!NAME.test(settings.name)) throw new AwsError('InvalidName', `Invalid Name: '${settings.name}'`);
    const arn = stateMachineArn(this.#context.account, settings.name);
    const existing = this.#machines.get(arn);
    if (existing !== undefined) {
      if (existing.text === settings.text && existing.type === settings.type) return existing;
      throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`, {
        status: 409,
      });
    }
    const definition = this.compile(settings.text, settings.type);
    const createdAt = this.#context.runtime.now();
    return this.#keep({ ...settings, arn, definition, createdAt, revisionId: '' });
  }

  /** Changes a machine; executions that run go on as they began. */
  update(
    arn: string,
    changes: { text?: string | undefined; roleArn?: string | undefined; logging?: JsonObject | undefined },
  ): StateMachine {
    const machine = this.get(arn);
    const text = changes.text ?? machine.text;
    return this.#keep({
      ...machine,
      text,
      definition: text === machine.text ? machine.definition : this.compile(text, machine.type),
      roleArn: changes.roleArn ?? machine.roleArn,
      logging: changes.logging ?? machine.logging,
      revisionId: this.#context.runtime.uuid(),
    });
  }

  /** Removes a machine, if there is one. */
  delete(arn: string): void {
    this.#machines.delete(arn);
    this.#context.store.run('DELETE FROM states_machines WHERE arn = ?', arn);
  }

  /** @throws AwsError InvalidDefinition, with everything that is wrong or not run here and where it stands */
  compile(text: string, type: StateMachineType): Definition {
    const compiled = this.check(text, type);
    if ('workflow' in compiled) return compiled;
    throw new AwsError(
      'InvalidDefinition',
      `Invalid State Machine Definition: ${compiled.problems.map((problem) => `'${problem}'`).join(', ')}`,
    );
  }

  /** The compiled definition, or what is wrong with it. */
  check(text: string, type: StateMachineType): ReturnType<typeof compileDefinition> {
    if (text.length > DEFINITION_CHARACTERS_MAX) {
      return { problems: ['the definition is larger than 1 MB'] };
    }
    return compileDefinition(text, this.#integrations[type]);
  }

  #keep(machine: StateMachine): StateMachine {
    this.#machines.set(machine.arn, machine);
    this.#context.store.run(
      'INSERT OR REPLACE INTO states_machines VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      machine.arn,
      machine.name,
      machine.type,
      machine.roleArn,
      machine.text,
      JSON.stringify(machine.logging),
      machine.createdAt,
      machine.revisionId,
    );
    return machine;
  }
}
