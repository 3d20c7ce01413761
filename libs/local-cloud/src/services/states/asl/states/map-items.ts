import type { JsonValue } from '../../../../core/aws-error.ts';
import { runBranches } from '../branches.ts';
import { Frame } from '../frame.ts';
import type { Details } from '../history.ts';
import { runWorkflow } from '../run-workflow.ts';
import { StatesError } from '../states-error.ts';
import type { Template } from '../template.ts';
import type { CancelScope } from '../wakefulness.ts';
import type { ItemProcessor } from './item-processor.ts';

/** One run of a Map state over its items. */
export interface ItemsRun {
  /** The Map state's name. */
  readonly name: string;
  readonly processor: ItemProcessor;
  readonly items: readonly JsonValue[];
  /** The state's input, from which the template makes the input of each item. */
  readonly effective: JsonValue;
  readonly itemTemplate: Template | undefined;
  /** How many items at a time. */
  readonly limit: number;
  /** How many items may fail. */
  readonly tolerated: number | undefined;
}

/**
 * Runs the processor on every item.
 *
 * @returns the outputs, in the order of the items; an item whose failure was tolerated gives its error
 * @throws StatesError of the first item that failed, or States.ExceedToleratedFailureThreshold
 */
export async function runItems(run: ItemsRun, frame: Frame): Promise<JsonValue> {
  const { distributed } = run.processor;
  if (distributed) frame.record('MapRunStarted');
  const outputs: JsonValue[] = run.items.map(() => null);
  let failures = 0;
  await runBranches(frame, run.items.length, run.limit, async (index, scope) => {
    try {
      outputs[index] = await runItem(run, index, scope, frame);
    } catch (error) {
      if (run.tolerated === undefined || !(error instanceof StatesError)) throw error;
      failures += 1;
      if (failures > run.tolerated) throw thresholdExceeded(distributed, frame);
      outputs[index] = { Error: error.error ?? null, Cause: error.reason ?? null };
    }
  });
  if (distributed) frame.record('MapRunSucceeded');
  return outputs;
}

async function runItem(run: ItemsRun, index: number, scope: CancelScope, frame: Frame): Promise<JsonValue> {
  const value = run.items[index] ?? null;
  const { distributed } = run.processor;
  const itemFrame = new Frame(frame.execution, frame, {
    mapItem: { index, value },
    silent: distributed || frame.silent,
    scope: scope.child(),
  });
  const details = (event: string): Details => {
    return () => [`mapIteration${event}EventDetails`, { name: run.name, index }];
  };
  try {
    itemFrame.record('MapIterationStarted', details('Started'));
    const input = run.itemTemplate?.(run.effective, itemFrame) ?? value;
    const output = await runWorkflow(run.processor.workflow, itemFrame, input);
    itemFrame.record('MapIterationSucceeded', details('Succeeded'));
    return output;
  } catch (error) {
    if (error instanceof StatesError && !error.terminal) {
      itemFrame.record('MapIterationFailed', details('Failed'));
    }
    throw error;
  } finally {
    scope.giveBack(itemFrame.scope);
    frame.continueAfter(itemFrame);
  }
}

function thresholdExceeded(distributed: boolean, frame: Frame): StatesError {
  if (distributed) frame.record('MapRunFailed');
  return new StatesError(
    'States.ExceedToleratedFailureThreshold',
    'The specified tolerated failure threshold was exceeded',
  );
}
