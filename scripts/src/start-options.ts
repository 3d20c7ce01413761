import { parseArgs } from 'node:util';
import { defaultDataDirectory } from './deployment/endpoint-file.ts';

/** What `npm start` was asked for. */
export interface StartOptions {
  /** Stop when all is drained, instead of serving until Ctrl-C. */
  readonly exit: boolean;
  /** The input file, one authorization a line; the sample file when absent. */
  readonly file: string | undefined;
  /** How many authorizations to make up instead of reading a file. */
  readonly generate: number | undefined;
  readonly seed: number;
  /** Where to write the summary as JSON. */
  readonly summary: string | undefined;
  readonly dataDir: string;
  /** Start from an empty data directory. */
  readonly fresh: boolean;
  /** The port of the AWS-compatible endpoint; 0 picks a free one. */
  readonly port: number;
}

export const START_HELP = `npm start -- [options]

Runs the whole pipeline on this machine: deploys the synthesized stacks to the local cloud, seeds reference data,
ingests authorizations and shows what became of them.

  --exit                 stop when everything is processed (otherwise: serve until Ctrl-C)
  --file <path.jsonl>    ingest this file instead of sample/authorizations.jsonl
  --generate <n>         ingest n made-up authorizations instead of a file
  --seed <s>             the seed of the made-up load (default 1); the same seed makes the same load
  --summary <path.json>  write the summary as JSON
  --data-dir <dir>       where state lives (default: PAYMENTS_DATA_DIR, or .payments/ of the repository); a run goes
                         on from what is there, and "pnpm turbo deploy" finds it there
  --fresh                start from empty
  --port <port>          port of the AWS-compatible endpoint on 127.0.0.1 (default: a free one)
  --help                 this text

The environment variable PAYMENTS_ENV names the environment: local (real-time), localnrt (near-real-time),
localbatch (batch) or localmixed; see infra/environments/.`;

/** A command line that cannot be understood; the message says which option and why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads the command line of `npm start`.
 *
 * @returns the options, or `help` when they were asked for
 * @throws UsageError
 */
export function parseStartOptions(args: readonly string[]): StartOptions | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  if (values.file !== undefined && values.generate !== undefined) {
    throw new UsageError('--file and --generate exclude each other: the input is either read or made up');
  }
  if (values.seed !== undefined && values.generate === undefined) {
    throw new UsageError('--seed belongs to --generate <n>');
  }
  return {
    exit: values.exit === true,
    file: values.file,
    generate: wholeNumber('generate', values.generate, 1, 100_000_000),
    seed: wholeNumber('seed', values.seed, 0, 4_294_967_295) ?? 1,
    summary: values.summary,
    dataDir: values['data-dir'] ?? defaultDataDirectory(),
    fresh: values.fresh === true,
    port: wholeNumber('port', values.port, 0, 65_535) ?? 0,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        exit: { type: 'boolean' },
        file: { type: 'string' },
        generate: { type: 'string' },
        seed: { type: 'string' },
        summary: { type: 'string' },
        'data-dir': { type: 'string' },
        fresh: { type: 'boolean' },
        port: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** A whole number within limits; undefined when the option is not given. @throws UsageError */
export function wholeNumber(
  name: string,
  text: string | undefined,
  min: number,
  max: number,
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`--${name} takes a whole number from ${min} to ${max}, not "${text}"`);
  }
  return value;
}
