import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { AwsError, type JsonObject, type JsonValue } from '../../core/aws-error.ts';
import { isObject } from './attribute-value.ts';
import { testDynamoDb } from './testing-context.ts';

/** Third-party cases that the repository does not contain; its NOTICE.md says how to compare. */
const FOLDER =
  process.env['PAYMENTS_CONFORMANCE_DIR'] ??
  path.join(import.meta.dirname, '../../../../../../shared/conformance');
const FILE = path.join(FOLDER, 'dynamodb-sequence-cases.json');

interface Step {
  readonly op: string;
  readonly request: JsonObject;
  readonly status: number;
  readonly response?: JsonObject | null;
  readonly errorType?: string;
  readonly message?: string;
  readonly messageIsDynaliteSpecific?: boolean;
}

interface Case {
  readonly name: string;
  readonly legacyApi?: boolean;
  readonly needsOtherTables?: boolean;
  readonly ddbLocalAgrees: boolean;
  readonly steps: readonly Step[];
}

interface CaseFile {
  readonly tables: readonly JsonObject[];
  readonly cases: readonly Case[];
}

/** How many cases of the file are out of scope; a change of the file must be looked at. */
const LEGACY_CASES = 88;
const CASES_WITH_OTHER_TABLES = 6;
const CASES_IN_SCOPE = 40;

if (!existsSync(FILE)) {
  describe('DynamoDB conformance', () => {
    it.skip(`skipped: there is no ${path.basename(FILE)}; set PAYMENTS_CONFORMANCE_DIR`, () => undefined);
  });
} else {
  const { tables, cases } = JSON.parse(readFileSync(FILE, 'utf8')) as CaseFile;
  const legacy = cases.filter((sequence) => sequence.legacyApi === true);
  const others = cases.filter((sequence) => !sequence.legacyApi && sequence.needsOtherTables === true);
  const inScope = cases.filter((sequence) => !legacy.includes(sequence) && !others.includes(sequence));
  const { service } = testDynamoDb();
  for (const table of tables) service.call('CreateTable', table);
  const counts = { passed: 0, 'passed with a seeded row': 0 };

  describe('DynamoDB conformance', () => {
    it.each(inScope.map((sequence) => [sequence.name, sequence] as const))('%s', (_, sequence) => {
      const seeded = seedRowsOfSuite(sequence);
      for (const step of sequence.steps) runStep(sequence, step);
      counts[seeded ? 'passed with a seeded row' : 'passed'] += 1;
    });

    it('leaves out only the cases that use legacy parameters or tables of their own', () => {
      expect([legacy.length, others.length, inScope.length]).toEqual([
        LEGACY_CASES,
        CASES_WITH_OTHER_TABLES,
        CASES_IN_SCOPE,
      ]);
      // A legacy case must be refused by name, not half run.
      const first = legacy
        .flatMap((sequence) => sequence.steps)
        .find((step) => 'AttributeUpdates' in step.request);
      expect(() => service.call(first?.op ?? '', first?.request ?? {})).toThrow(/legacy parameter/);
    });

    afterAll(() => {
      const lines = [
        `DynamoDB sequences: ${JSON.stringify(counts)} of ${inScope.length} in scope;`,
        `out of scope: ${legacy.length} with legacy parameters, ${others.length} with tables of their own:`,
        ...[...legacy, ...others].map((sequence) => `  ${sequence.name}`),
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
    });
  });

  function runStep(sequence: Case, step: Step): void {
    if (step.status === 200) {
      const answer = service.call(step.op, step.request);
      expect(comparable(sequence, step, answer)).toEqual(comparable(sequence, step, step.response ?? {}));
      return;
    }
    const error = failureOf(() => service.call(step.op, step.request));
    expect({ type: error.code, status: error.status }).toEqual({ type: step.errorType, status: step.status });
    if (step.messageIsDynaliteSpecific !== true) expect(error.message).toBe(step.message);
  }

  /** A row that the recording suite wrote before its cases is written here, when a case reads it. */
  function seedRowsOfSuite(sequence: Case): boolean {
    let seeded = false;
    for (const { op, request, response } of sequence.steps) {
      const item = response?.['Item'];
      const own = isWritten(sequence.steps);
      if (op !== 'GetItem' || !isObject(item) || own) continue;
      service.call('PutItem', { TableName: request['TableName'] ?? '', Item: item });
      seeded = true;
    }
    return seeded;
  }

  /**
   * How much a scan read counts rows of other cases and of the suite's hooks, and is left out. A scan without a
   * filter also shows such rows: only the rows that this case wrote are compared then.
   */
  function comparable(sequence: Case, step: Step, answer: JsonObject): JsonValue {
    const sorted = sortLists(answer);
    if (step.op !== 'Scan' || !isObject(sorted)) return sorted;
    const { ScannedCount: _scanned, ...compared } = sorted;
    if (step.request['FilterExpression'] !== undefined) return compared;
    const own = writtenItems(sequence.steps);
    const items = sorted['Items'] as readonly JsonValue[];
    return items.filter((item) => own.some((candidate) => isDeepStrictEqual(candidate, item)));
  }
}

function isWritten(steps: readonly Step[]): boolean {
  return steps.some((step) => step.op !== 'GetItem');
}

function writtenItems(steps: readonly Step[]): JsonValue[] {
  return steps.flatMap(({ op, request }) => {
    if (op === 'PutItem') return request['Item'] === undefined ? [] : [request['Item']];
    if (op !== 'BatchWriteItem' || !isObject(request['RequestItems'])) return [];
    const lists = Object.values(request['RequestItems']) as { PutRequest?: { Item: JsonObject } }[][];
    return lists.flat().flatMap(({ PutRequest }) => (PutRequest === undefined ? [] : [PutRequest.Item]));
  });
}

function failureOf(work: () => unknown): AwsError {
  try {
    work();
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
  throw new Error('the call was expected to fail');
}

/** Sorts the lists whose order does not count: items of Scan and BatchGetItem, ConsumedCapacity. */
function sortLists(value: JsonValue | undefined, name = ''): JsonValue {
  if (Array.isArray(value)) {
    const list = value.map((element: JsonValue) => sortLists(element));
    const isOrdered = name === 'L';
    return isOrdered ? list : list.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (!isObject(value)) return value ?? null;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, element]) => [key, sortLists(element, key)]));
}
