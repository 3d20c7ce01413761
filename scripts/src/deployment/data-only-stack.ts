import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Owner } from '@payments/infra/names';
import { type StackDocument, stackPath } from '../stack-files.ts';

/** What holds data that is nowhere else: tables, keys and what they encrypt, logs, and the archive of the bus. */
const DATA_TYPES: ReadonlySet<string> = new Set([
  'aws_cloudwatch_event_archive',
  'aws_cloudwatch_log_group',
  'aws_dynamodb_table',
  'aws_kms_alias',
  'aws_kms_key',
]);
/** A bucket, and what makes it closed, encrypted and versioned. */
const BUCKET_TYPES = /^aws_s3_bucket/;
/** A bucket tells a queue of its objects that goes with the stage. */
const NOTIFICATION_TYPE = 'aws_s3_bucket_notification';

/** What these refer to: who may use a bucket, and the bus of the archive, with the place for what it cannot decrypt. */
const REFERRED_TYPES: ReadonlySet<string> = new Set([
  'aws_cloudwatch_event_bus',
  'aws_iam_role',
  'aws_sqs_queue',
]);

/** Where in a stack's own folder its reduced form lies. */
const DATA_ONLY_FOLDER = 'data-only';

/**
 * A stack without all that works on data: only what holds it, and whatever that refers to, as it stands in the stack.
 * Applying it offboards a stage, and applying the stack onboards it again: what holds data stays in Terraform's state
 * all the time, so that nothing has to be taken out of it or imported.
 */
export function dataOnly(document: StackDocument): StackDocument {
  const blocks = new Map<string, string>();
  for (const kind of ['resource', 'data'] as const)
    for (const [type, named] of Object.entries(document[kind] ?? {}))
      for (const [name, block] of Object.entries(named))
        blocks.set(`${kind === 'data' ? 'data.' : ''}${type}.${name}`, JSON.stringify(block));
  const kept = new Set<string>();
  const keep = (address: string): void => {
    const text = blocks.get(address);
    if (text === undefined || kept.has(address)) return;
    kept.add(address);
    for (const [reference] of text.matchAll(/(?:data\.)?aws_\w+\.[\w-]+/g)) keep(reference);
  };
  for (const address of blocks.keys()) if (holdsData(address)) keep(address);
  const { output: _, ...others } = document as StackDocument & { readonly output?: unknown };
  return {
    ...others,
    resource: only(document.resource, (address) => kept.has(address)),
    data: only(document.data, (address) => kept.has(`data.${address}`)),
  };
}

/** Writes the reduced form of a synthesized stack beside it; gives the file. */
export function writeDataOnly(stack: Owner, document: StackDocument, stacksDirectory?: string): string {
  const folder = join(dirname(stackPath(stack, stacksDirectory)), DATA_ONLY_FOLDER);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'cdk.tf.json');
  writeFileSync(path, `${JSON.stringify(dataOnly(document), null, 2)}\n`);
  return path;
}

/** Whether what is deployed of a stack, by Terraform addresses or types, is no more than its reduced form. */
export function isDataOnly(addresses: readonly string[]): boolean {
  return addresses.every((address) => holdsData(address) || REFERRED_TYPES.has(typeOf(address)));
}

function holdsData(address: string): boolean {
  const type = typeOf(address);
  return DATA_TYPES.has(type) || (BUCKET_TYPES.test(type) && type !== NOTIFICATION_TYPE);
}

function typeOf(address: string): string {
  return address.split('.')[0] ?? '';
}

type Blocks = NonNullable<StackDocument['resource']>;

function only(blocks: Blocks | undefined, isKept: (address: string) => boolean): Blocks {
  const types = Object.entries(blocks ?? {}).map(([type, named]) => {
    const left = Object.entries(named).filter(([name]) => isKept(`${type}.${name}`));
    return [type, Object.fromEntries(left)] as const;
  });
  return Object.fromEntries(types.filter(([, named]) => Object.keys(named).length > 0));
}
