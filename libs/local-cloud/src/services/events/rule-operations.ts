import type { JsonObject } from '../../core/aws-error.ts';
import type { BusDirectory, Rule } from './bus-directory.ts';
import { objects, optionalText, present, requiredText, texts, validationError } from './request-member.ts';
import { compileTarget } from './target.ts';

/** EventBridge quota: targets of one rule. */
const TARGETS_MAX = 5;

/** Puts, describes and removes rules and their targets. */
export class RuleOperations {
  readonly #directory: BusDirectory;

  constructor(directory: BusDirectory) {
    this.#directory = directory;
  }

  put(input: JsonObject): JsonObject {
    const name = requiredText(input, 'Name');
    if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name)) throw validationError(`Rule name ${name} is not valid.`);
    if (optionalText(input, 'ScheduleExpression') !== undefined) {
      throw validationError(
        `Rule ${name}: the local cloud does not run schedule_expression; use aws_scheduler_schedule.`,
      );
    }
    if (optionalText(input, 'EventPattern') === undefined) {
      throw validationError('Parameter(s) EventPattern or ScheduleExpression must be specified.');
    }
    const bus = this.#directory.bus(optionalText(input, 'EventBusName'));
    const { EventPattern, Description, RoleArn } = input;
    const State = optionalText(input, 'State') ?? 'ENABLED';
    const rule = this.#directory.putRule(
      bus,
      present({ Name: name, EventPattern, State, Description, RoleArn, EventBusName: bus.name }),
    );
    return { RuleArn: rule.arn };
  }

  describe(input: JsonObject): JsonObject {
    return { ...this.#rule(input, 'Name').definition, Arn: this.#rule(input, 'Name').arn };
  }

  list(input: JsonObject): JsonObject {
    const prefix = optionalText(input, 'NamePrefix') ?? '';
    const bus = this.#directory.bus(optionalText(input, 'EventBusName'));
    const rules = [...bus.rules.values()].filter((rule) => rule.name.startsWith(prefix));
    return { Rules: rules.map((rule) => ({ ...rule.definition, Arn: rule.arn })) };
  }

  delete(input: JsonObject): JsonObject {
    const name = requiredText(input, 'Name');
    const rule = this.#directory.findBus(optionalText(input, 'EventBusName'))?.rules.get(name);
    if (rule === undefined) return {};
    if (rule.targets.size > 0) throw validationError("Rule can't be deleted since it has targets.");
    this.#directory.removeRule(rule);
    return {};
  }

  setState(input: JsonObject, State: 'ENABLED' | 'DISABLED'): JsonObject {
    const rule = this.#rule(input, 'Name');
    this.#directory.putRule(this.#directory.bus(rule.busName), { ...rule.definition, State });
    return {};
  }

  putTargets(input: JsonObject): JsonObject {
    const rule = this.#rule(input, 'Rule');
    const targets = objects(input, 'Targets').map(compileTarget);
    if (new Set([...rule.targets.keys(), ...targets.map((target) => target.id)]).size > TARGETS_MAX) {
      throw validationError(
        `The requested resource exceeds the maximum number allowed: ${TARGETS_MAX} targets.`,
      );
    }
    for (const target of targets) this.#directory.putTarget(rule, target);
    return { FailedEntryCount: 0, FailedEntries: [] };
  }

  listTargets(input: JsonObject): JsonObject {
    return { Targets: [...this.#rule(input, 'Rule').targets.values()].map((target) => target.definition) };
  }

  removeTargets(input: JsonObject): JsonObject {
    const rule = this.#rule(input, 'Rule');
    const ids = texts(input, 'Ids');
    const missing = ids.filter((id) => !rule.targets.has(id));
    for (const id of ids) this.#directory.removeTarget(rule, id);
    const FailedEntries = missing.map((TargetId) => ({
      TargetId,
      ErrorCode: 'ResourceNotFoundException',
      ErrorMessage: `Rule ${rule.name} does not have any target with the ID ${TargetId}.`,
    }));
    return { FailedEntryCount: missing.length, FailedEntries };
  }

  #rule(input: JsonObject, member: string): Rule {
    return this.#directory.rule(optionalText(input, 'EventBusName'), requiredText(input, member));
  }
}
