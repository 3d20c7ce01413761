import { join } from 'node:path';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { afterAll, expect, it } from '@jest/globals';
import { resourceName } from '@payments/infra/names';
import { CAMT054, cainIdentifierOf, renderCain, renderCamt054 } from '@payments/iso20022';
import { describeWithSchemas, schemaProblems } from '@payments/iso20022/schema-check';
import { type Connection, openConnection } from '../commands/connection.ts';
import { iso20022 } from '../commands/iso20022.ts';
import { runPipeline, synthesize, temporaryFolder } from '../e2e/pipeline-run.fixture.ts';
import { cainDocumentOf, contentOf, postedSequenceOf } from './transaction-content.ts';

const ENVIRONMENT = 'local';
const MINUTE_MS = 60_000;
const GENERATED = '60';
const folder = temporaryFolder();
afterAll(() => folder.remove());

describeWithSchemas('what the pipeline has posted', () => {
  it(
    'is valid as card messages and as notifications, of every transaction',
    async () => {
      const stacks = synthesize(ENVIRONMENT, folder.path);
      for (const [name, options] of [
        ['sample', []],
        ['generated', ['--generate', GENERATED, '--seed', '7']],
      ] as const) {
        const dataDir = join(folder.path, `data-${name}`);
        const { posted } = await runPipeline(ENVIRONMENT, stacks, dataDir, ['--fresh', ...options]);
        const transactionIds = await expectValid(dataDir, posted);
        await expectWritten(dataDir, transactionIds[0] ?? '');
      }
    },
    5 * MINUTE_MS,
  );
});

/** Every sequence in the ledger is a valid notification, and has a valid card message. */
async function expectValid(dataDir: string, posted: number): Promise<readonly string[]> {
  const connection = await openConnection({ dataDir });
  try {
    const transactionIds = await bookedTransactions(connection);
    expect(posted).toBeGreaterThan(0);
    expect(transactionIds).toHaveLength(posted);
    const messages = new Map<string, string[]>([[CAMT054, []]]);
    for (const transactionId of transactionIds) {
      const content = await contentOf(connection, transactionId);
      const document = cainDocumentOf(content);
      const definition = cainIdentifierOf(document);
      messages.set(definition, [...(messages.get(definition) ?? []), renderCain(document)]);
      messages.get(CAMT054)?.push(renderCamt054(postedSequenceOf(content)));
    }
    for (const [definition, xml] of messages) expect(await schemaProblems(definition, xml)).toEqual([]);
    return transactionIds;
  } finally {
    await connection.close();
  }
}

/** The command writes the same from the state that the run has left. */
async function expectWritten(dataDir: string, transactionId: string): Promise<void> {
  const printed: string[] = [];
  const output = { print: (line: string) => printed.push(line), warn: (line: string) => printed.push(line) };
  const args = [transactionId.slice(0, 13), '--camt054', '--data-dir', dataDir];
  expect(await iso20022.run(args, output)).toBe(0);
  expect(printed).toHaveLength(1);
  expect(await schemaProblems(CAMT054, printed)).toEqual([]);
}

async function bookedTransactions({ environment, documents }: Connection): Promise<string[]> {
  const found = new Set<string>();
  const TableName = resourceName(environment, 'posting', 'ledger');
  for await (const { Items = [] } of paginateScan({ client: documents }, { TableName })) {
    for (const { transactionId } of Items) found.add(String(transactionId));
  }
  return [...found];
}
