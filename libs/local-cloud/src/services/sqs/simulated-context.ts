import { AwsError } from '../../core/aws-error.ts';
import { type Faults, NO_FAULTS } from '../../core/faults.ts';
import type { LocalService, ServiceContext } from '../../core/seams.ts';
import { SimulatedRuntime } from '../../core/simulated-runtime.ts';
import { Store } from '../../core/store.ts';

/** A context for tests: virtual time, a store of its own, and calls between the services that are added. */
export interface SimulatedContext extends ServiceContext {
  readonly runtime: SimulatedRuntime;
  readonly billed: Map<string, number>;
  readonly warnings: string[];
  /** Makes a service reachable by `call`; permissions are not checked. */
  add(service: LocalService): void;
  /** Runs until nothing is due within this many milliseconds of virtual time. */
  advance(ms: number): Promise<void>;
}

export const SIMULATION_START = Date.UTC(2026, 10, 22);

/** Makes a context; a store that another one used stands for a restart. */
export function simulatedContext(
  options: { seed?: number; faults?: Partial<Faults>; store?: Store; startsAt?: number } = {},
): SimulatedContext {
  const runtime = new SimulatedRuntime(options.seed ?? 1, options.startsAt ?? SIMULATION_START);
  const services = new Map<string, LocalService>();
  const billed = new Map<string, number>();
  const warnings: string[] = [];
  return {
    account: { id: '000000000000', region: 'eu-west-2' },
    runtime,
    store: options.store ?? new Store(':memory:'),
    faults: { ...NO_FAULTS, ...options.faults },
    async call(name, operation, input, caller) {
      const service = services.get(name);
      if (service === undefined) throw new AwsError('UnknownOperationException', `no ${name} here`);
      return service.call(operation, input, caller);
    },
    bill: (unit, quantity) => billed.set(unit, (billed.get(unit) ?? 0) + quantity),
    warn: (message) => warnings.push(message),
    billed,
    warnings,
    add: (service) => services.set(service.name, service),
    async advance(ms) {
      const until = runtime.now() + ms;
      // A last task at the end takes the virtual clock there even when nothing else is due.
      runtime.schedule({ name: 'end-of-advance', delayMs: ms, run: () => undefined });
      await runtime.run({ until });
    },
  };
}
