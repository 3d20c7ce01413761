import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, GetCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadEnvironment } from '@payments/infra/environment';
import { arnOf, resourceName } from '@payments/infra/names';
import type { Principal } from '@payments/local-cloud';
import { STAGES } from '@payments/schemas';
import { scanPaths } from '../cardholder-data/scan-paths.ts';
import { invoke } from '../invoke.ts';
import { type LocalRun, openLocalRun } from '../local-run.ts';
import { synthesize, temporaryFolder } from './pipeline-run.fixture.ts';

const MINUTE_MS = 60_000;
const SAMPLE_CARDS = new URL('../../../sample/cards.json', import.meta.url);
const REASON = 'chargeback 4711 needs the number';
const REQUESTED_BY = 'dana.reviewer';
/** A role as a bank makes it for people, outside of the stacks. */
const PERSON = 'chargeback-desk';

const environment = loadEnvironment('local');
const detokenize = resourceName(environment, 'ingest', 'detokenize');
const detokenizeArn = arnOf(environment, 'lambda', `function:${detokenize}`);
const vault = resourceName(environment, 'ingest', 'card-tokens');
const cardNumbers = (JSON.parse(readFileSync(SAMPLE_CARDS, 'utf8')) as { cardNumber: string }[])
  .map(({ cardNumber }) => cardNumber)
  .slice(0, 2);

const folder = temporaryFolder();
const dataDir = join(folder.path, 'data');
let run: LocalRun;
let tokens: readonly string[];
/** The last test closes the cloud: its store can be read whole then. */
let isClosed = false;

beforeAll(async () => {
  const stacksDirectory = synthesize('local', folder.path);
  run = await openLocalRun(environment, { dataDir, fresh: true, stacksDirectory }, () => undefined);
  await run.cloud.deploy(writePersonStack());
  const request = { cardNumbers };
  const answer = await invoke<{ tokens: { token: string; lastFour: string }[] }>(
    run.lambda,
    resourceName(environment, 'ingest', 'tokenize'),
    request,
  );
  tokens = answer.tokens.map(({ token }) => token);
}, 3 * MINUTE_MS);
afterAll(async () => {
  if (!isClosed) await run.cloud.close();
  await folder.remove();
});

/** A stack with one role that may call the function and nothing else; gives its path. */
function writePersonStack(): string {
  const path = join(folder.path, 'people', 'cdk.tf.json');
  const policyOf = (statement: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  const resource = {
    aws_iam_role: {
      person: {
        name: PERSON,
        assume_role_policy: policyOf({
          Action: 'sts:AssumeRole',
          Principal: { AWS: `arn:aws:iam::${environment.accountId}:root` },
        }),
      },
    },
    aws_iam_role_policy: {
      person: {
        name: 'detokenize',
        role: PERSON,
        policy: policyOf({ Action: 'lambda:InvokeFunction', Resource: detokenizeArn }),
        depends_on: ['aws_iam_role.person'],
      },
    },
  };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ resource }));
  return path;
}

const roleArn = (name: string): string => `arn:aws:iam::${environment.accountId}:role/${name}`;
/** The role of the function that consumes a stage's events. */
const subscriberOf = (stage: 'enrich' | 'posting'): string => resourceName(environment, stage, 'subscriber');
const asRole = (arn: string): Principal => ({ kind: 'role', arn });

/** What the function answers to a role. */
function numbersFor(role: string, asked: readonly string[]) {
  const lambda = new LambdaClient(run.cloud.sdkConfiguration(asRole(roleArn(role))));
  const request = { tokens: asked, reason: REASON, requestedBy: REQUESTED_BY };
  return invoke<{ cardNumbers: (string | null)[] }>(lambda, detokenize, request);
}

/** What the function has logged, each line as it stands there. */
async function loggedLines(): Promise<readonly string[]> {
  const { events } = (await run.cloud.call(
    'logs',
    'FilterLogEvents',
    { logGroupName: `/aws/lambda/${detokenize}` },
    { kind: 'owner' },
  )) as { events: { message: string }[] };
  return events.map(({ message }) => message);
}

/** The audit's lines, without what a logger adds. */
async function audit(): Promise<readonly object[]> {
  const lines = (await loggedLines()).map((line) => JSON.parse(line) as Record<string, unknown>);
  return lines
    .filter(({ msg }) => /^card numbers (asked for|given)$/.test(String(msg)))
    .map(({ msg, reason, explanation, records }) => ({ msg, reason, explanation, records }));
}

/** The roles of all stacks that were deployed: IAM knows each by its policies. */
function rolesOfStacks(): readonly string[] {
  const holders = new Set(run.cloud.grants().grants.map(({ holder }) => holder));
  return [...holders]
    .filter((holder) => holder.includes(':role/'))
    .map((arn) => arn.split('/').at(-1) ?? '')
    .filter((name) => name !== PERSON)
    .sort();
}

describe('detokenizing', () => {
  it('gives the numbers back to a role that may ask, and null for a token of no card', async () => {
    const [first = '', second = ''] = tokens;
    expect([first.slice(-4), second.slice(-4)]).toEqual(cardNumbers.map((number) => number.slice(-4)));
    const unknown = `9${((Number(first.charAt(1)) + 1) % 10).toString()}${first.slice(2)}`;
    const answer = await numbersFor(PERSON, [second, unknown, first]);
    expect(answer.cardNumbers).toEqual([cardNumbers[1], null, cardNumbers[0]]);
  });

  it('leaves in its log who asked, why and for which last four digits, and no number', async () => {
    const [first = '', second = ''] = cardNumbers.map((number) => number.slice(-4));
    expect(await audit()).toEqual([
      {
        msg: 'card numbers asked for',
        reason: REASON,
        explanation: `${REQUESTED_BY} asks for the cards ending ${second}, ${first}, ${first}`,
        records: 3,
      },
      {
        msg: 'card numbers given',
        reason: REASON,
        explanation: `${REQUESTED_BY} gets them`,
        records: 2,
      },
    ]);
    const log = (await loggedLines()).join('\n');
    for (const secret of [...cardNumbers, ...tokens]) expect(log).not.toContain(secret);
  });

  it('asks for a reason and a name', async () => {
    const asked = invoke(run.lambda, detokenize, { tokens });
    await expect(asked).rejects.toThrow('reason is not one line of 10 to 200 characters');
  });

  it('is refused by IAM to every role of every stack, which hears action, resource and role', async () => {
    const before = (await audit()).length;
    const roles = rolesOfStacks();
    for (const stage of STAGES)
      expect({ stage, roles: roles.filter((role) => role.includes(`-${stage}-`)) }).not.toEqual({
        stage,
        roles: [],
      });
    for (const stage of ['enrich', 'posting'] as const) expect(roles).toContain(subscriberOf(stage));
    for (const role of roles) {
      const lambda = new LambdaClient({
        ...run.cloud.sdkConfiguration(asRole(roleArn(role))),
        maxAttempts: 1,
      });
      const refused = await lambda
        .send(new InvokeCommand({ FunctionName: detokenize, Payload: '{}' }))
        .then(() => undefined)
        .catch((error: Error) => error);
      expect({ role, name: refused?.name }).toEqual({ role, name: 'AccessDeniedException' });
      expect(refused?.message).toContain(`assumed-role/${role}/`);
      expect(refused?.message).toContain(
        `is not authorized to perform: lambda:InvokeFunction on resource: ${detokenizeArn}`,
      );
    }
    expect(await audit()).toHaveLength(before);
  });

  it.each(['enrich', 'posting'] as const)(
    'has no way around it: %s may not read the vault',
    async (stage) => {
      const role = roleArn(subscriberOf(stage));
      const documents = DynamoDBDocumentClient.from(
        new DynamoDBClient(run.cloud.sdkConfiguration(asRole(role))),
      );
      const read = documents.send(new GetCommand({ TableName: vault, Key: { id: `token#${tokens[0]}` } }));
      await expect(read).rejects.toThrow(
        /not authorized to perform: dynamodb:GetItem on resource: .*card-tokens/,
      );
    },
  );

  it('leaves no card number in what the cloud stores', async () => {
    const kinds: string[] = [];
    for await (const { Items = [] } of paginateScan({ client: run.documents }, { TableName: vault }))
      kinds.push(...Items.map(({ id }) => String(id).split('#')[0] ?? ''));
    // The vault holds both cards, so there was something to find.
    expect(kinds.sort()).toEqual(['card', 'card', 'key', 'key', 'token', 'token']);
    isClosed = true;
    await run.cloud.close();
    const stores = readdirSync(dataDir)
      .filter((name) => name.startsWith('cloud.sqlite'))
      .map((name) => join(dataDir, name));
    expect(stores.length).toBeGreaterThan(0);
    for (const store of stores) {
      const bytes = readFileSync(store);
      for (const number of cardNumbers)
        expect({ store, at: bytes.indexOf(number) }).toEqual({ store, at: -1 });
    }
    expect(await scanPaths(stores)).toMatchObject({ findings: [], unscanned: [] });
  });
});
