import type { JsonValue } from '../../../../core/aws-error.ts';
import { assignedBy, attemptWithRetries } from '../attempts.ts';
import type { Build } from '../build.ts';
import { compileRequiredPath } from '../data-path.ts';
import type { Fields } from '../fields.ts';
import { isList } from '../json.ts';
import type { CompiledState } from '../state.ts';
import { RuntimeFault } from '../states-error.ts';
import { compileErrorHandling } from './error-handling.ts';
import { compileAssign, compileFilter, compileNext, compileResult, compileTemplateField } from './flow.ts';
import { compileItemProcessor, type ItemProcessor } from './item-processor.ts';
import { runItems } from './map-items.ts';
import { compileNumberField, type NumberField } from './numbers-at-run-time.ts';
import { compileTolerance } from './tolerated-failure.ts';

/** How many items an inline Map state works on at a time at most (the page on the Map state). */
const INLINE_CONCURRENCY_MAX = 40;

/**
 * A Map state: runs its processor on every item and gives the list of the outputs. A distributed Map runs
 * its items here too, without a Map Run and child executions of their own: it reads no items from S3, writes
 * no results there and makes no batches (such definitions are refused).
 */
export function compileMap(name: string, fields: Fields, build: Build): CompiledState {
  const processor = compileItemProcessor(fields, build);
  for (const field of ['ItemReader', 'ItemBatcher', 'ResultWriter']) {
    fields.refuse(field, 'a Map state works here on the items of its input');
  }
  fields.text('Label');
  const input = compileFilter(fields, 'InputPath');
  const itemsOf = fields.compiledText('ItemsPath', compileRequiredPath);
  // A Map state's Parameters are the older name of its ItemSelector.
  const itemTemplate =
    compileTemplateField(fields, 'ItemSelector') ?? compileTemplateField(fields, 'Parameters');
  const concurrency = compileNumberField(fields, 'MaxConcurrency', 0);
  const tolerance = compileTolerance(fields);
  const selector = compileTemplateField(fields, 'ResultSelector');
  const resultPath = compileResult(fields);
  const output = compileFilter(fields, 'OutputPath');
  const errors = compileErrorHandling(fields, build);
  const assign = compileAssign(fields);
  const next = compileNext(fields, build);
  return {
    name,
    type: 'Map',
    run(frame, rawInput) {
      const attempt = async () => {
        const effective = input(rawInput, frame);
        const items = itemsOf?.(effective, frame) ?? effective;
        if (!isList(items)) throw notAList(items);
        const limit = atATime(concurrency, processor, effective, frame);
        frame.record('MapStateStarted', () => ['mapStateStartedEventDetails', { length: items.length }]);
        const tolerated = tolerance(effective, frame, items.length);
        const result = await runItems(
          { name, processor, items, effective, itemTemplate, limit, tolerated },
          frame,
        );
        frame.record('MapStateSucceeded');
        const selected = selector?.(result, frame) ?? result;
        return {
          output: output(resultPath(rawInput, selected), frame),
          next,
          assigned: assignedBy(assign, selected, frame),
        };
      };
      return attemptWithRetries(frame, rawInput, errors, attempt, () => frame.record('MapStateFailed'));
    },
  };
}

function atATime(
  concurrency: NumberField | undefined,
  processor: ItemProcessor,
  ...given: Parameters<NumberField>
): number {
  const asked = concurrency?.(...given) ?? 0;
  if (asked < 0) throw new RuntimeFault('MaxConcurrency cannot be negative.');
  const most = processor.distributed ? Number.POSITIVE_INFINITY : INLINE_CONCURRENCY_MAX;
  return asked === 0 ? most : Math.min(asked, most);
}

function notAList(items: JsonValue): RuntimeFault {
  return new RuntimeFault(`The items of a Map state must be an array, and are '${JSON.stringify(items)}'`);
}
