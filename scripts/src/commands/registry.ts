import type { Command } from './command.ts';

/** A command of `payments` by its name; it is loaded when it is called. */
export interface RegisteredCommand {
  /** The words that call it, as in `iso8583 decode`. */
  readonly name: string;
  load(): Promise<Command>;
}

/** Every command, in the order of the list that `payments --help` prints. */
export const COMMANDS: readonly RegisteredCommand[] = [
  { name: 'trace', load: async () => (await import('./trace.ts')).trace },
  { name: 'iso8583 decode', load: async () => (await import('./iso8583-decode.ts')).iso8583Decode },
  { name: 'iso20022', load: async () => (await import('./iso20022.ts')).iso20022 },
  { name: 'balance', load: async () => (await import('./balance.ts')).balance },
  { name: 'statement', load: async () => (await import('./statement.ts')).statement },
  { name: 'scan', load: async () => (await import('./scan.ts')).scan },
  { name: 'replay', load: async () => (await import('./replay.ts')).replay },
  { name: 'dlq list', load: async () => (await import('./dlq-list.ts')).dlqList },
  { name: 'dlq show', load: async () => (await import('./dlq-show.ts')).dlqShow },
  { name: 'dlq redrive', load: async () => (await import('./dlq-redrive.ts')).dlqRedrive },
  { name: 'dlq drop', load: async () => (await import('./dlq-drop.ts')).dlqDrop },
  { name: 'reference load', load: async () => (await import('./reference-load.ts')).referenceLoad },
  { name: 'reconcile status', load: async () => (await import('./reconcile-status.ts')).reconcileStatus },
  { name: 'reconcile breaks', load: async () => (await import('./reconcile-breaks.ts')).reconcileBreaks },
  { name: 'reconcile show', load: async () => (await import('./reconcile-show.ts')).reconcileShow },
  { name: 'reconcile explain', load: async () => (await import('./reconcile-explain.ts')).reconcileExplain },
  { name: 'reconcile run', load: async () => (await import('./reconcile-run.ts')).reconcileRun },
  {
    name: 'reconcile statement',
    load: async () => (await import('./reconcile-statement.ts')).reconcileStatement,
  },
  { name: 'reconcile approve', load: async () => (await import('./reconcile-decide.ts')).reconcileApprove },
  { name: 'reconcile reject', load: async () => (await import('./reconcile-decide.ts')).reconcileReject },
  { name: 'reconcile report', load: async () => (await import('./reconcile-report.ts')).reconcileReport },
  { name: 'reconcile verify', load: async () => (await import('./reconcile-verify.ts')).reconcileVerify },
  { name: 'reconcile rebuild', load: async () => (await import('./reconcile-rebuild.ts')).reconcileRebuild },
  { name: 'ingest post', load: async () => (await import('./ingest-post.ts')).ingestPost },
  { name: 'ingest file', load: async () => (await import('./ingest-file.ts')).ingestFile },
  { name: 'grants', load: async () => (await import('./grants.ts')).grants },
  { name: 'bootstrap', load: async () => (await import('./bootstrap.ts')).bootstrap },
  { name: 'capacity', load: async () => (await import('./capacity.ts')).capacity },
  { name: 'cost', load: async () => (await import('./cost.ts')).cost },
  {
    name: 'drill reconcile',
    load: async () => (await import('./drill-reconcile.ts')).drillReconcile,
  },
];
