import { type AwsError, SeededFaults, type ServiceName } from '@payments/local-cloud';

/** Operations that change nothing by themselves; what an invoked function does is counted when it does it. */
const CHANGES_NOTHING = /^(?:BatchGet|Decrypt|Describe|Get|Head|Invoke|List|Query|Receive|Scan)/;

/** Seeded faults that count the calls by which the pipeline may have changed something. */
export class CountingFaults extends SeededFaults {
  #changes = 0;

  get changes(): number {
    return this.#changes;
  }

  override refuse(service: ServiceName, operation: string): AwsError | undefined {
    if (!CHANGES_NOTHING.test(operation)) this.#changes += 1;
    return super.refuse(service, operation);
  }
}
