import { seal } from './envelope.ts';
import { OutputInvalidError } from './kit-error.ts';
import { packRecords } from './pack-records.ts';
import type { Publisher } from './put-events-publisher.ts';
import type { Emission } from './record-outcome.ts';
import { limitsOf, type RunDependencies, serialize } from './stage-run.ts';

/**
 * Publishes emissions that follow from no consumed event: from a schedule or a table's stream.
 *
 * @throws OutputInvalidError when one breaks its contract: a defect of the stage
 * @throws PublishError when the bus refused some after all attempts; publishing all again is safe
 */
export async function publishEmissions(
  { stage, aws, deliveryMode, publisher }: RunDependencies & { readonly publisher: Publisher },
  emissions: readonly Emission[],
): Promise<void> {
  const outgoing = emissions.flatMap((emission, index) => {
    const records = serialize(
      [emission],
      { event: emission.event, record: emission.record, metadata: undefined },
      index,
    );
    if (!Array.isArray(records)) throw new OutputInvalidError(stage.name, records.explanation);
    return records;
  });
  const events = packRecords(outgoing, limitsOf(deliveryMode)).map((pack) =>
    seal(pack, stage.name, deliveryMode, aws.clock.now()),
  );
  const [error] = (await publisher.publish(events)).values();
  if (error !== undefined) throw error;
}
