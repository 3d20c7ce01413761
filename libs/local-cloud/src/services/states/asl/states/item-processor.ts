import type { Build } from '../build.ts';
import type { Fields } from '../fields.ts';
import type { Workflow } from '../state.ts';

/** What a Map state does with each item. */
export interface ItemProcessor {
  readonly workflow: Workflow;
  /** True for the mode DISTRIBUTED, whose items write into no history of the parent. */
  readonly distributed: boolean;
}

/** ItemProcessor, or its older name Iterator. */
export function compileItemProcessor(fields: Fields, build: Build): ItemProcessor {
  const processor = fields.object('ItemProcessor') ?? fields.object('Iterator');
  if (processor === undefined) {
    fields.problem('ItemProcessor is missing');
    return { workflow: { startAt: '', states: new Map() }, distributed: false };
  }
  const config = processor.object('ProcessorConfig');
  const mode = config?.text('Mode') ?? 'INLINE';
  if (mode !== 'INLINE' && mode !== 'DISTRIBUTED') config?.problem(`Mode '${mode}' is not known`);
  const executionType = config?.text('ExecutionType');
  if (executionType !== undefined && executionType !== 'STANDARD' && executionType !== 'EXPRESS') {
    config?.problem(`ExecutionType '${executionType}' is not known`);
  }
  config?.finish();
  return { workflow: build.workflow(processor), distributed: mode === 'DISTRIBUTED' };
}
