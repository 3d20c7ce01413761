import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { Account } from '../../core/resource.ts';
import type { Store } from '../../core/store.ts';
import { type CompiledPattern, compilePattern } from '../../event-pattern/compile-pattern.ts';
import type { BusEvent } from './bus-event.ts';
import { optionalText, requiredText } from './request-member.ts';
import { compileTarget, type Target } from './target.ts';

export const DEFAULT_BUS = 'default';
/** How many pairs of source and detail type a bus remembers the rules of. */
const REMEMBERED_PAIRS_MAX = 10_000;

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  /** The rule in the API's shape. */
  readonly definition: JsonObject;
  readonly pattern: CompiledPattern | undefined;
  readonly targets: Map<string, Target>;
}

export interface Archive {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly definition: JsonObject;
  readonly pattern: CompiledPattern | undefined;
}

export interface Bus {
  readonly name: string;
  readonly arn: string;
  definition: JsonObject;
  readonly rules: Map<string, Rule>;
  readonly archives: Map<string, Archive>;
}

type Kind = 'bus' | 'rule' | 'target' | 'archive';

/**
 * The buses with their rules, targets and archives: kept in the store and, compiled, in memory. For a pair of
 * source and detail type it remembers which rules can match at all, since a bus has some twenty rules and an
 * event is of interest to one or two.
 */
export class BusDirectory {
  readonly #store: Store;
  readonly #account: Account;
  readonly #buses = new Map<string, Bus>();
  readonly #remembered = new Map<string, readonly Rule[]>();

  constructor(store: Store, account: Account) {
    this.#store = store;
    this.#account = account;
    store.define(`CREATE TABLE IF NOT EXISTS events_directory (
      kind TEXT NOT NULL, bus TEXT NOT NULL, rule TEXT NOT NULL, id TEXT NOT NULL, definition TEXT NOT NULL,
      PRIMARY KEY (kind, bus, rule, id))`);
    this.#load();
    if (!this.#buses.has(DEFAULT_BUS)) this.putBus({ Name: DEFAULT_BUS });
  }

  arn(resource: string): string {
    return `arn:aws:events:${this.#account.region}:${this.#account.id}:${resource}`;
  }

  get buses(): Iterable<Bus> {
    return this.#buses.values();
  }

  /** A bus by its name or ARN; the default one when neither is given. */
  findBus(nameOrArn: string | undefined): Bus | undefined {
    const name = nameOrArn ?? DEFAULT_BUS;
    return this.#buses.get(name.startsWith('arn:') ? name.slice(name.indexOf('/') + 1) : name);
  }

  /** @throws AwsError ResourceNotFoundException */
  bus(nameOrArn: string | undefined): Bus {
    const bus = this.findBus(nameOrArn);
    if (bus === undefined) {
      throw new AwsError('ResourceNotFoundException', `Event bus ${nameOrArn} does not exist.`);
    }
    return bus;
  }

  /** @throws AwsError ResourceNotFoundException */
  rule(busNameOrArn: string | undefined, name: string): Rule {
    const bus = this.bus(busNameOrArn);
    const rule = bus.rules.get(name);
    if (rule === undefined) {
      throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus.name}.`);
    }
    return rule;
  }

  findArchive(name: string): Archive | undefined {
    for (const bus of this.#buses.values()) {
      const archive = bus.archives.get(name);
      if (archive !== undefined) return archive;
    }
    return undefined;
  }

  /** The enabled rules that match the event. */
  *matching(bus: Bus, event: BusEvent): Iterable<Rule> {
    const key = `${bus.name}\u0000${event.source}\u0000${event.detailType}`;
    let candidates = this.#remembered.get(key);
    if (candidates === undefined) {
      candidates = [...bus.rules.values()].filter((rule) => canMatch(rule, event));
      if (this.#remembered.size >= REMEMBERED_PAIRS_MAX) this.#remembered.clear();
      this.#remembered.set(key, candidates);
    }
    for (const rule of candidates) {
      if (rule.pattern?.matches(event.envelope) === true) yield rule;
    }
  }

  putBus(definition: JsonObject): Bus {
    const name = requiredText(definition, 'Name');
    const existing = this.#buses.get(name);
    this.#save('bus', name, '', '', definition);
    if (existing !== undefined) {
      existing.definition = definition;
      return existing;
    }
    return this.#addBus(name, definition);
  }

  removeBus(bus: Bus): void {
    this.#store.run('DELETE FROM events_directory WHERE bus = ?', bus.name);
    this.#buses.delete(bus.name);
    this.#remembered.clear();
  }

  /** @throws AwsError InvalidEventPatternException */
  putRule(bus: Bus, definition: JsonObject): Rule {
    const rule = this.#compileRule(bus, definition, bus.rules.get(requiredText(definition, 'Name'))?.targets);
    this.#save('rule', bus.name, rule.name, '', definition);
    bus.rules.set(rule.name, rule);
    this.#remembered.clear();
    return rule;
  }

  removeRule(rule: Rule): void {
    this.#store.run(
      "DELETE FROM events_directory WHERE kind IN ('rule', 'target') AND bus = ? AND rule = ?",
      rule.busName,
      rule.name,
    );
    this.#buses.get(rule.busName)?.rules.delete(rule.name);
    this.#remembered.clear();
  }

  putTarget(rule: Rule, target: Target): void {
    this.#save('target', rule.busName, rule.name, target.id, target.definition);
    rule.targets.set(target.id, target);
  }

  removeTarget(rule: Rule, id: string): void {
    this.#store.run(
      "DELETE FROM events_directory WHERE kind = 'target' AND bus = ? AND rule = ? AND id = ?",
      rule.busName,
      rule.name,
      id,
    );
    rule.targets.delete(id);
  }

  /** @throws AwsError InvalidEventPatternException */
  putArchive(bus: Bus, definition: JsonObject): Archive {
    const archive = this.#compileArchive(bus, definition);
    this.#save('archive', bus.name, '', archive.name, definition);
    bus.archives.set(archive.name, archive);
    return archive;
  }

  removeArchive(archive: Archive): void {
    this.#store.run("DELETE FROM events_directory WHERE kind = 'archive' AND id = ?", archive.name);
    this.#buses.get(archive.busName)?.archives.delete(archive.name);
  }

  #load(): void {
    const rows = (kind: Kind): { bus: string; rule: string; definition: JsonObject }[] =>
      this.#store
        .all<{ bus: string; rule: string; definition: string }>(
          'SELECT bus, rule, definition FROM events_directory WHERE kind = ? ORDER BY bus, rule, id',
          kind,
        )
        .map((row) => ({ ...row, definition: JSON.parse(row.definition) as JsonObject }));
    for (const { bus, definition } of rows('bus')) this.#addBus(bus, definition);
    for (const { bus, definition } of rows('rule')) {
      const rule = this.#compileRule(this.bus(bus), definition, undefined);
      this.bus(bus).rules.set(rule.name, rule);
    }
    for (const { bus, rule, definition } of rows('target')) {
      const target = compileTarget(definition);
      this.rule(bus, rule).targets.set(target.id, target);
    }
    for (const { bus, definition } of rows('archive')) {
      const archive = this.#compileArchive(this.bus(bus), definition);
      this.bus(bus).archives.set(archive.name, archive);
    }
  }

  #addBus(name: string, definition: JsonObject): Bus {
    const arn = this.arn(`event-bus/${name}`);
    const bus = {
      name,
      arn,
      definition,
      rules: new Map<string, Rule>(),
      archives: new Map<string, Archive>(),
    };
    this.#buses.set(name, bus);
    return bus;
  }

  #compileRule(bus: Bus, definition: JsonObject, targets: Map<string, Target> | undefined): Rule {
    const name = requiredText(definition, 'Name');
    const path = bus.name === DEFAULT_BUS ? name : `${bus.name}/${name}`;
    return {
      name,
      arn: this.arn(`rule/${path}`),
      busName: bus.name,
      definition,
      pattern: compiledPattern(definition),
      targets: targets ?? new Map(),
    };
  }

  #compileArchive(bus: Bus, definition: JsonObject): Archive {
    const name = requiredText(definition, 'ArchiveName');
    const arn = this.arn(`archive/${name}`);
    return { name, arn, busName: bus.name, definition, pattern: compiledPattern(definition) };
  }

  #save(kind: Kind, bus: string, rule: string, id: string, definition: JsonObject): void {
    this.#store.run(
      'INSERT OR REPLACE INTO events_directory (kind, bus, rule, id, definition) VALUES (?, ?, ?, ?, ?)',
      kind,
      bus,
      rule,
      id,
      JSON.stringify(definition),
    );
  }
}

function compiledPattern(definition: JsonObject): CompiledPattern | undefined {
  const text = optionalText(definition, 'EventPattern');
  return text === undefined ? undefined : compilePattern(text, 'bus');
}

function canMatch(rule: Rule, event: BusEvent): boolean {
  if (rule.definition['State'] === 'DISABLED') return false;
  const sources = rule.pattern?.requiredTexts('source');
  if (sources !== undefined && !sources.has(event.source)) return false;
  const detailTypes = rule.pattern?.requiredTexts('detail-type');
  return detailTypes === undefined || detailTypes.has(event.detailType);
}
