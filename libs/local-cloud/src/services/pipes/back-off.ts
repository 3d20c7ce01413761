import type { Runtime } from '../../core/runtime.ts';

/** The waits between attempts at one batch; AWS documents that there are such, not how long they are. */
const FIRST_MS = 500;
const MAX_MS = 60_000;

/** How long to wait before a batch is tried again, in milliseconds, with jitter over the upper half. */
export function backOffMs(runtime: Runtime, failures: number): number {
  const wait = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(failures, 20));
  return Math.ceil(wait * (0.5 + runtime.random() / 2));
}
