import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { GetFunctionUrlConfigCommand } from '@aws-sdk/client-lambda';
import { resourceName } from '@payments/infra/names';
import { type SigningCredentials, signRequest } from '@payments/local-cloud';
import type { Command } from './command.ts';
import {
  CONNECTION_HELP,
  CONNECTION_OPTIONS,
  type Connection,
  ConnectionRefusedError,
  connectionOptions,
  openConnection,
} from './connection.ts';
import { onlyArgument } from './only-argument.ts';

/** A request that was not taken for the moment is sent again so often, first after this long. */
const ATTEMPTS = 5;
const BACK_OFF_MS = 200;
const AGAIN_LATER: ReadonlySet<number> = new Set([429, 502, 503]);

const HELP = `payments ingest post <path.json|-> [options]

Posts an authorization to the API, signed with the credentials of the environment, and prints the answer. The file
holds one authorization as JSON: an ISO 8583 pair as in sample/authorizations.jsonl, or an authorization request. A
file of several lines is posted line by line.

  --key <text>           the Idempotency-Key (default: a new one); with several lines the line's number is added.
                         The same key and content again is the same answer, and nothing is booked twice.
  --json                 a line of JSON for each answer: its status, the key, what the API says
${CONNECTION_HELP}

Example:  head -1 sample/authorizations.jsonl | payments ingest post - --key till-7/000001`;

/** `payments ingest post`. */
export const ingestPost: Command = {
  name: 'ingest post',
  summary: 'post an authorization to the API, signed, with an idempotency key',
  help: HELP,
  run: async (args, output) => {
    const { path, key, asJson, options } = read(args);
    const bodies = bodiesOf(path === '-' ? await text(process.stdin) : await readFile(path, 'utf8'));
    const connection = await openConnection(connectionOptions(options));
    try {
      const api = await apiOf(connection);
      let refused = 0;
      for (const [index, body] of bodies.entries()) {
        const idempotencyKey = bodies.length === 1 ? key : `${key}-${index + 1}`;
        const answer = await postOne(api, idempotencyKey, body);
        output.print(asJson ? JSON.stringify(answer) : answerText(answer));
        if (!answer.ok) refused += 1;
      }
      if (bodies.length > 1) output.warn(`${bodies.length - refused} taken, ${refused} refused.`);
      return refused === 0 ? 0 : 1;
    } finally {
      await connection.close();
    }
  },
};

/** @throws CommandUsageError */
function read(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { key: { type: 'string' }, json: { type: 'boolean' }, ...CONNECTION_OPTIONS },
    allowPositionals: true,
  });
  const path = onlyArgument(positionals, 'Name one file, or - for standard input.');
  return { path, key: values.key ?? randomUUID(), asJson: values.json === true, options: values };
}

/** One JSON text however it is broken into lines, or else a text for each line; the API says what is wrong with one. */
function bodiesOf(content: string): readonly string[] {
  try {
    JSON.parse(content);
    return [content];
  } catch {
    const lines = content.split('\n').filter((line) => line.trim() !== '');
    return lines.length === 0 ? [content] : lines;
  }
}

/** Where authorizations are posted, and as whom. */
interface Api {
  readonly url: URL;
  readonly region: string;
  readonly credentials: () => Promise<SigningCredentials>;
}

async function apiOf({ environment, kind, lambda }: Connection): Promise<Api> {
  if (kind === 'at-rest') {
    throw new ConnectionRefusedError(
      'No local cloud runs that could take an authorization: run "npm start" in another terminal.',
    );
  }
  const FunctionName = resourceName(environment, 'ingest', 'api');
  const { FunctionUrl } = await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));
  const url = new URL('authorizations', FunctionUrl);
  return { url, region: environment.region, credentials: () => lambda.config.credentials() };
}

/** What the API said of one authorization. */
interface Answer {
  readonly status: number;
  readonly ok: boolean;
  readonly idempotencyKey: string;
  /** JSON of ours; text where something in front of the function answered. */
  readonly body: unknown;
}

async function postOne(api: Api, idempotencyKey: string, authorization: string): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send(api, idempotencyKey, authorization);
    if (AGAIN_LATER.has(answer.status) && attempt < ATTEMPTS) {
      await setTimeout(BACK_OFF_MS * 2 ** (attempt - 1));
      continue;
    }
    const { status, ok } = answer;
    return { status, ok, idempotencyKey, body: jsonOrText(await answer.text()) };
  }
}

function jsonOrText(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function answerText({ status, idempotencyKey, body }: Answer): string {
  const said = typeof body === 'string' ? body : JSON.stringify(body);
  return `${status} ${said}  Idempotency-Key: ${idempotencyKey}`;
}

async function send({ url, region, credentials }: Api, key: string, body: string): Promise<Response> {
  const unsigned = {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body,
  };
  const scope = { region, service: 'lambda' };
  const { host: _, ...headers } = await signRequest(unsigned, await credentials(), scope, Date.now());
  return fetch(url, { method: 'POST', headers, body });
}
