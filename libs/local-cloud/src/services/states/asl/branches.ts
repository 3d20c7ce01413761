import type { Frame } from './frame.ts';
import type { CancelScope } from './wakefulness.ts';

/**
 * Runs the branches of a state, some at a time. When one fails nothing new is begun, those that sleep end,
 * and the error is given when all have ended: a call that a sibling had made already is waited for, where AWS
 * would go on at once, so that no work goes on behind the state's back.
 *
 * @param limit how many run at a time
 */
export async function runBranches(
  frame: Frame,
  count: number,
  limit: number,
  run: (index: number, scope: CancelScope) => Promise<void>,
): Promise<void> {
  if (count === 0) return;
  const { wakefulness } = frame.execution;
  const scope = frame.scope.child();
  const workers = Math.min(count, limit);
  let next = 0;
  let working = workers;
  let failure: { readonly error: unknown } | undefined;
  const work = async (): Promise<void> => {
    while (next < count && failure === undefined) {
      const index = next;
      next += 1;
      try {
        await run(index, scope);
      } catch (error) {
        failure ??= { error };
        scope.cancel();
      }
    }
    working -= 1;
    // The last one to end goes on as the state itself.
    if (working > 0) wakefulness.join();
  };
  wakefulness.fork(workers);
  await Promise.all(Array.from({ length: workers }, work));
  frame.scope.giveBack(scope);
  if (failure !== undefined) throw failure.error;
}
