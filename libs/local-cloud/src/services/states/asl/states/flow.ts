import type { JsonValue } from '../../../../core/aws-error.ts';
import type { Build } from '../build.ts';
import { compileDataPath, type DataPath } from '../data-path.ts';
import type { Fields } from '../fields.ts';
import { isObject } from '../json.ts';
import { PathSyntaxError } from '../json-path-syntax.ts';
import { compileResultPath, type ResultPath } from '../result-path.ts';
import { compileTemplate, type Template } from '../template.ts';

/** Where a state goes on: a state's name, or undefined for the end of the workflow. */
export function compileNext(fields: Fields, build: Build): string | undefined {
  const next = fields.text('Next');
  const end = fields.boolean('End');
  if ((next !== undefined) === end) fields.problem('either Next or End is needed');
  if (next !== undefined) build.goesTo(fields, next);
  return next;
}

/** InputPath or OutputPath. */
export function compileFilter(fields: Fields, name: 'InputPath' | 'OutputPath'): DataPath {
  return fields.compiledPath(name, compileDataPath) ?? compileDataPath(undefined);
}

/** A payload template that is a field of the state. */
export function compileTemplateField(fields: Fields, name: string): Template | undefined {
  return fields.compiled(name, fields.json(name), compileTemplate);
}

/** Assign, of a state, a catcher or a choice rule. */
export function compileAssign(fields: Fields): Template | undefined {
  return fields.compiled('Assign', fields.json('Assign'), (assign: JsonValue) => {
    if (!isObject(assign)) throw new PathSyntaxError('must be an object');
    return compileTemplate(assign);
  });
}

/** ResultPath. */
export function compileResult(fields: Fields): ResultPath {
  return fields.compiledPath('ResultPath', compileResultPath) ?? compileResultPath(undefined);
}
