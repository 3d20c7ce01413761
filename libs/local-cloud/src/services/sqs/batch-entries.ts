import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import { objects, requiredText } from './members.ts';

/** The most entries of a batch request (SQS Developer Guide, "Message quotas"). */
export const BATCH_ENTRIES_MAX = 10;
const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

/**
 * Reads the entries of a batch request.
 *
 * @throws AwsError EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId, BatchEntryIdsNotDistinct
 */
export function readEntries(input: JsonObject): readonly JsonObject[] {
  const entries = objects(input['Entries']);
  if (entries.length === 0) {
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > BATCH_ENTRIES_MAX) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${BATCH_ENTRIES_MAX}. You have sent ${entries.length}.`,
    );
  }
  const ids = entries.map((entry) => requiredText(entry, 'Id'));
  for (const id of ids) {
    if (ENTRY_ID.test(id)) continue;
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) {
    throw new AwsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
  }
  return entries;
}

/** Does something with each entry and gives the batch's answer: one that fails leaves the others alone. */
export function eachEntry(
  entries: readonly JsonObject[],
  work: (entry: JsonObject) => JsonObject,
): JsonObject {
  const successful: JsonObject[] = [];
  const failed: JsonObject[] = [];
  for (const entry of entries) {
    const id = requiredText(entry, 'Id');
    try {
      successful.push({ Id: id, ...work(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({ Id: id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful: successful, ...(failed.length === 0 ? {} : { Failed: failed }) };
}
