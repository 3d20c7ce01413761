import type { StageName } from '@payments/schemas';
import { contractFileName } from './event-name.ts';
import { creation, edit, editJson, type FileChange } from './file-changes.ts';
import { ScaffoldRefusedError } from './scaffold-refused-error.ts';

/** A contract that is to be made. */
export interface NewEvent {
  readonly name: string;
  readonly emittedBy: StageName;
  /** One sentence that says what has happened. */
  readonly description: string;
}

const BASE = 'https://payments.example/schemas/events';
/** How many records an event holds at the most, as in every contract. */
const RECORDS_MAX = 10_000;
/** The events that no stage need consume, each with whom it is for. */
const TERMINAL_EVENTS = 'infra/src/terminal-events.json';
const FOR_SUBSCRIBERS = 'whoever subscribes to it';
const EMITS = /(\n\s*emits: \[)([^\]]*)\]/;

/**
 * All that makes an event: its contract, examples that it accepts and refuses, the declaration that emits it, and that it
 * is for subscribers.
 *
 * @throws ScaffoldRefusedError when one of its files is there already
 */
export function eventChanges(root: string, event: NewEvent): readonly FileChange[] {
  const file = `${contractFileName(event.name)}.v1`;
  const json = (path: string, content: object): FileChange =>
    creation(root, path, `${JSON.stringify(content, null, 2)}\n`);
  const examples = `schemas/examples/${file}`;
  const changes = [
    json(`schemas/events/${file}.json`, contractOf(event, file)),
    ...Object.entries(acceptedOf(event)).map(([name, value]) =>
      json(`${examples}/accepted/${name}.json`, value),
    ),
    ...Object.entries(refusedOf(event)).map(([name, value]) =>
      json(`${examples}/refused/${name}.json`, value),
    ),
  ];
  const edits = [
    edit(root, `packages/${event.emittedBy}/src/stage.ts`, (text) => declaring(text, event)),
    // Nobody consumes it yet, and a stage that says what nobody hears is not synthesized.
    editJson<Readonly<Record<string, string>>>(root, TERMINAL_EVENTS, (events) => ({
      ...events,
      [event.name]: FOR_SUBSCRIBERS,
    })),
  ];
  return [...changes, ...edits.filter((change) => change !== undefined)];
}

function declaring(text: string, { name, emittedBy }: NewEvent): string {
  const [, , list] = EMITS.exec(text) ?? [];
  if (list === undefined)
    throw new ScaffoldRefusedError(
      `packages/${emittedBy}/src/stage.ts has no list "emits" to add to; add ${name} by hand.`,
    );
  const events = [...list.matchAll(/'(\w+)'/g)].map(([quoted]) => quoted);
  return text.replace(EMITS, (_all, start: string) => `${start}${[...events, `'${name}'`].join(', ')}]`);
}

function contractOf({ name, description }: NewEvent, file: string): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${BASE}/${file}.json`,
    title: name,
    description,
    type: 'object',
    properties: {
      metadata: { $ref: '../shared/metadata.v1.json' },
      records: { type: 'array', minItems: 1, maxItems: RECORDS_MAX, items: { $ref: '#/$defs/record' } },
    },
    required: ['metadata', 'records'],
    additionalProperties: false,
    $defs: {
      record: {
        title: `${name}Record`,
        type: 'object',
        properties: {
          transactionId: {
            $ref: '../shared/identifier.v1.json',
            description: 'Made from the content of the authorization.',
          },
          idempotencyKey: {
            $ref: '../shared/identifier.v1.json',
            description: 'The same record again carries the same key.',
          },
          scheme: { $ref: '../shared/scheme.v1.json' },
          loggedAt: {
            $ref: '../shared/instant.v1.json',
            description: 'When the authorization system logged it.',
          },
          explanation: { $ref: '../shared/text.v1.json', description: 'What has happened, for people.' },
        },
        required: ['transactionId', 'idempotencyKey', 'scheme', 'loggedAt'],
        additionalProperties: false,
      },
    },
  };
}

const RECORD = {
  transactionId: '91eee7f5-cb31-521c-8466-5232507a4f3d',
  idempotencyKey: '1cd7252f-5b79-5927-981e-c4826e20d9f9',
  scheme: 'VISA',
  loggedAt: '2026-11-15T10:15:01Z',
};
const EXPLAINED = { ...RECORD, explanation: 'Grocer Ltd, London' };

function metadataOf(stage: StageName): Readonly<Record<string, string | number>> {
  return {
    eventId: '720d8136-ff8e-5915-a24e-f24644438e17',
    schemaVersion: 1,
    producedBy: `payments.${stage}`,
    producedAt: '2026-11-15T10:15:02.114Z',
    source: 'VISA',
    deliveryMode: 'real-time',
    recordCount: 1,
    correlationId: '1d9704cb-b8a4-52cc-bfe3-31d80045f6d7',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  };
}

function acceptedOf({ emittedBy }: NewEvent): Readonly<Record<string, object>> {
  const metadata = metadataOf(emittedBy);
  return { minimal: { metadata, records: [RECORD] }, full: { metadata, records: [EXPLAINED] } };
}

/** What every contract of an event refuses, with what it says of it. */
function refusedOf({ emittedBy }: NewEvent): Readonly<Record<string, object>> {
  const metadata = metadataOf(emittedBy);
  const { idempotencyKey: _, ...unkeyed } = RECORD;
  const refused = (why: string, expect: string, value: object): object => ({ why, expect, value });
  return {
    'another-version': refused(
      'Version 2 has a contract of its own.',
      'metadata.schemaVersion must be equal to constant',
      { metadata: { ...metadata, schemaVersion: 2 }, records: [RECORD] },
    ),
    'card-number-in-explanation': refused(
      'Free text must not hold what looks like a card number.',
      'records.0.explanation holds what looks like a card number',
      { metadata, records: [{ ...RECORD, explanation: 'CARD 4111 1111 1111 1111' }] },
    ),
    'logged-at-with-offset': refused(
      'Moments are in UTC, so that they compare as text.',
      'records.0.loggedAt must match pattern',
      { metadata, records: [{ ...RECORD, loggedAt: '2026-11-15T10:15:01+01:00' }] },
    ),
    'no-records': refused(
      'An event without records says nothing.',
      'records must NOT have fewer than 1 items',
      {
        metadata,
        records: [],
      },
    ),
    'unknown-member': refused(
      'A producer says only what the contract names.',
      'records.0 has a member that the contract does not name: colour',
      { metadata, records: [{ ...RECORD, colour: 'blue' }] },
    ),
    'without-idempotency-key': refused('idempotencyKey is required.', 'records.0 lacks idempotencyKey', {
      metadata,
      records: [unkeyed],
    }),
    'without-metadata': refused(
      'Rules filter on metadata in any delivery mode.',
      'the record lacks metadata',
      {
        records: [RECORD],
      },
    ),
  };
}
