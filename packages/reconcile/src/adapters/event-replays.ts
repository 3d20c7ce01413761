import {
  type EventBridgeClient,
  LimitExceededException,
  ResourceAlreadyExistsException,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { ReplayNotStartedError } from '../errors.ts';
import type { EventReplays, ReplayStage, ReplayWindow } from '../ports.ts';

/** Where events are replayed from and to. */
export interface ReplayPlaces {
  readonly archiveArn: string;
  readonly busArn: string;
  /** The rule that gives a stage its events, by stage. */
  readonly ruleArns: Readonly<Record<ReplayStage, string>>;
}

/** Replays of the bus's archive, each to the one rule of a stage. */
export class EventBridgeReplays implements EventReplays {
  readonly #client: EventBridgeClient;
  readonly #places: ReplayPlaces;

  constructor(client: EventBridgeClient, places: ReplayPlaces) {
    this.#client = client;
    this.#places = places;
  }

  async start(
    replays: readonly { readonly window: ReplayWindow; readonly name: string }[],
  ): Promise<ReadonlySet<string>> {
    const started = new Set<string>();
    for (const { window, name } of replays) {
      try {
        await this.#client.send(this.#commandOf(window, name));
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

  #commandOf({ stage, from, to }: ReplayWindow, name: string): StartReplayCommand {
    const { archiveArn, busArn, ruleArns } = this.#places;
    return new StartReplayCommand({
      ReplayName: name,
      Description: `What ${stage} is given once more for reconciliation`,
      EventSourceArn: archiveArn,
      EventStartTime: new Date(from),
      EventEndTime: new Date(to),
      Destination: { Arn: busArn, FilterArns: [ruleArns[stage]] },
    });
  }
}
