import {
  type EventBridgeClient,
  LimitExceededException,
  ResourceAlreadyExistsException,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { ReplayNotStartedError } from '../errors.ts';
import type { EventReplays, Repetition, Repetitions } from '../ports.ts';

/** Where events are replayed from and to. */
export interface ReplayPlaces {
  readonly archiveArn: string;
  readonly busArn: string;
  /** The rule that gives reconciliation its events. */
  readonly ruleArn: string;
}

/** Replays of the bus's archive to reconciliation, which picks from them what they are for. */
export class EventBridgeReplays implements EventReplays {
  readonly #client: EventBridgeClient;
  readonly #places: ReplayPlaces;
  readonly #repetitions: Repetitions;

  constructor(client: EventBridgeClient, places: ReplayPlaces, repetitions: Repetitions) {
    this.#client = client;
    this.#places = places;
    this.#repetitions = repetitions;
  }

  async start(repetitions: readonly Repetition[]): Promise<ReadonlySet<string>> {
    const started = new Set<string>();
    for (const repetition of repetitions) {
      const { name } = repetition;
      try {
        await this.#repetitions.keep(repetition);
        await this.#client.send(this.#commandOf(repetition));
      } catch (error) {
        // As many run as may: the others have their turn with a later run.
        if (error instanceof LimitExceededException) return started;
        // The name says what is replayed for what: this is the same replay, begun by a run that broke off.
        if (!(error instanceof ResourceAlreadyExistsException)) throw new ReplayNotStartedError(name, error);
      }
      started.add(name);
    }
    return started;
  }

  #commandOf({ name, window: { stage, from, to } }: Repetition): StartReplayCommand {
    const { archiveArn, busArn, ruleArn } = this.#places;
    return new StartReplayCommand({
      ReplayName: name,
      Description: `What ${stage} is given once more for reconciliation`,
      EventSourceArn: archiveArn,
      EventStartTime: new Date(from),
      EventEndTime: new Date(to),
      Destination: { Arn: busArn, FilterArns: [ruleArn] },
    });
  }
}
