import type { JsonValue } from '../../../core/aws-error.ts';
import type { Build } from './build.ts';
import { Fields } from './fields.ts';
import type { FindIntegration } from './integration.ts';
import { isObject } from './json.ts';
import type { CompiledState, Workflow } from './state.ts';
import { compileChoice } from './states/choice.ts';
import { compileFail } from './states/fail.ts';
import { compileMap } from './states/map.ts';
import { compileParallel } from './states/parallel.ts';
import { compilePass } from './states/pass.ts';
import { compileSucceed } from './states/succeed.ts';
import { compileTask } from './states/task.ts';
import { compileWait } from './states/wait.ts';

type CompileState = (name: string, fields: Fields, build: Build) => CompiledState;

/** How each type of state is compiled; a type that is not here is refused by name. */
const STATE_TYPES: Readonly<Record<string, CompileState>> = {
  Pass: compilePass,
  Task: compileTask,
  Choice: compileChoice,
  Wait: compileWait,
  Succeed: compileSucceed,
  Fail: compileFail,
  Parallel: compileParallel,
  Map: compileMap,
};

/** A definition made ready to run. */
export interface Definition {
  readonly workflow: Workflow;
  /** How long an execution may take; absent when the definition does not say. */
  readonly timeoutSeconds: number | undefined;
}

/**
 * Compiles a definition in the Amazon States Language with the query language JSONPath.
 *
 * @returns the definition, or everything that is wrong with it or not run here, each with its place
 */
export function compileDefinition(
  text: string,
  findIntegration: FindIntegration,
): Definition | { readonly problems: readonly string[] } {
  let parsed: JsonValue;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { problems: [`the definition is not JSON (${String(error)})`] };
  }
  if (!isObject(parsed)) return { problems: ['the definition is not a JSON object'] };
  const problems: string[] = [];
  const fields = new Fields(parsed, '', problems);
  fields.text('Version');
  const timeoutSeconds = fields.number('TimeoutSeconds', 1);
  const isJsonata = refuseJsonata(fields, false);
  const workflow = compileWorkflow(fields, { findIntegration, isJsonata });
  return problems.length > 0 ? { problems } : { workflow, timeoutSeconds };
}

interface Around {
  readonly findIntegration: FindIntegration;
  /** True where the query language of what is around is JSONata. */
  readonly isJsonata: boolean;
}

function compileWorkflow(fields: Fields, around: Around): Workflow {
  const startAt = fields.requiredText('StartAt');
  const targets: (readonly [Fields, string])[] = [[fields, startAt]];
  const build: Build = {
    findIntegration: around.findIntegration,
    workflow: (inner) => compileWorkflow(inner, around),
    goesTo: (from, state) => targets.push([from, state]),
  };
  const declared = new Set<string>();
  const states = new Map<string, CompiledState>();
  for (const [name, state] of fields.object('States')?.entries() ?? []) {
    declared.add(name);
    const compiled = compileState(name, state, build, around);
    if (compiled !== undefined) states.set(name, compiled);
  }
  if (!fields.has('States')) fields.problem('States are missing');
  fields.finish();
  for (const [from, target] of targets) {
    if (!declared.has(target)) from.problem(`there is no state '${target}' to go to`);
  }
  return { startAt, states };
}

function compileState(name: string, fields: Fields, build: Build, around: Around): CompiledState | undefined {
  if (refuseJsonata(fields, around.isJsonata)) return undefined;
  const type = fields.requiredText('Type');
  const compile = Object.hasOwn(STATE_TYPES, type) ? STATE_TYPES[type] : undefined;
  if (compile === undefined) {
    fields.problem(`the state type '${type}' is not run by the local cloud`);
    return undefined;
  }
  const state = compile(name, fields, build);
  fields.finish();
  return state;
}

/** Names what is written in JSONata; true when the query language here is JSONata. */
function refuseJsonata(fields: Fields, inherited: boolean): boolean {
  const language = fields.text('QueryLanguage') ?? (inherited ? 'JSONata' : 'JSONPath');
  if (language === 'JSONPath') return false;
  fields.problem(`the query language ${language} is not run by the local cloud, write it in JSONPath`);
  return true;
}
