import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LocalCloud } from '@payments/local-cloud';
import type { RuleSet, TransactionEnrichedRecord } from '@payments/schemas';
import { evaluateRules } from '../../../packages/rules/src/evaluate-rules.ts';
import { prepareRules } from '../../../packages/rules/src/prepare-rules.ts';
import ruleSet from '../../../packages/rules/src/rule-set.json' with { type: 'json' };
import { transactionOf } from '../../../packages/rules/src/rule-tests.ts';
import { STACK_NAMES } from '../stack-files.ts';
import type { Summary } from '../summary.ts';
import { refusalOf } from './another-rules-engine/src/decision-table.ts';
import { stage } from './another-rules-engine/src/stage.ts';
import { runPipeline, synthesize, temporaryFolder } from './pipeline-run.fixture.ts';

const ENGINE = fileURLToPath(new URL('./another-rules-engine/', import.meta.url));
const BUNDLE = fileURLToPath(new URL('../bundle.ts', import.meta.url));
const SAMPLE = fileURLToPath(new URL('../../../sample/authorizations.jsonl', import.meta.url));
/** How many lines of the sample the rules stage judges before the other engine takes over. */
const LINES_BEFORE = 6;
const MINUTE_MS = 60_000;
const folder = temporaryFolder();
const OTHERS = STACK_NAMES.filter((name) => name !== 'rules');

/** Folders with the stacks of a pipeline: with the rules stage, and with the other engine in its place. */
let withRules: string;
let withEngine: string;

const stackIn = (stacks: string, name: string): string => join(stacks, name, 'cdk.tf.json');

beforeAll(() => {
  withRules = synthesize('local', join(folder.path, 'rules'));
  withEngine = synthesize('local', join(folder.path, 'engine'));
  // What its README tells a newcomer to do.
  const options = { cwd: ENGINE, env: { ...process.env, PAYMENTS_ENV: 'local', NODE_OPTIONS: '' } };
  for (const script of [BUNDLE, 'src/infra.ts'])
    execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', script], options);
  const engineStack = stackIn(withEngine, 'rules');
  copyFileSync(join(ENGINE, 'dist/synth/stacks/rules/cdk.tf.json'), engineStack);
  const bundle = join(dirname(engineStack), '../../../handler.zip');
  mkdirSync(dirname(bundle), { recursive: true });
  copyFileSync(join(ENGINE, 'dist/handler.zip'), bundle);
}, 3 * MINUTE_MS);
afterAll(() => folder.remove());

/** What is left of a pipeline, without how long it took. */
async function stateOf(stacks: string, data: string, options: readonly string[]) {
  const { timing: _, ...state } = await runPipeline('local', stacks, join(folder.path, data), options);
  return state;
}

const withoutOutput = ({ output: _, ...state }: Omit<Summary, 'timing'> & { readonly output: string }) =>
  state;

describe('another engine in the place of the rules stage', () => {
  it('is really another: a queue and a function, no workflow', () => {
    const [rules, engine] = [withRules, withEngine].map((stacks) =>
      readFileSync(stackIn(stacks, 'rules'), 'utf8'),
    );
    expect(rules).toContain('aws_sfn_state_machine');
    expect(engine).not.toContain('aws_sfn_state_machine');
    expect(engine).toContain('aws_lambda_event_source_mapping');
  });

  const cases = ruleSet.rules.flatMap(({ id, tests }) =>
    tests.map((test) => ({ id, title: test.title, test })),
  );
  it.each(cases)('refuses what the rules refuse, and nothing else: $id, $title', ({ test }) => {
    const record = transactionOf(test) as TransactionEnrichedRecord;
    const { refusal } = evaluateRules(record, prepareRules(ruleSet as RuleSet));
    expect(refusalOf(record) === undefined).toBe(refusal === undefined);
  });

  it('says the same two events to the same stages', () => {
    expect(stage.name).toBe('rules');
    expect(stage.emits).toEqual(['TransactionPostingApproved', 'TransactionPostingRejected']);
  });

  it.each(OTHERS)('changes not a byte of %s, nor of the bundle that it runs', (name) => {
    // A stack holds the SHA-256 of its bundle.
    const [before, after] = [withRules, withEngine].map((stacks) =>
      createHash('sha256')
        .update(readFileSync(stackIn(stacks, name)))
        .digest('hex'),
    );
    expect(after).toBe(before);
  });

  it(
    'takes over in the middle of the sample: rules is offboarded, no other stack is touched, the ledger is the same',
    async () => {
      const undisturbed = await stateOf(withRules, 'undisturbed', ['--fresh']);
      expect(undisturbed.posted).toBeGreaterThan(LINES_BEFORE);

      const firstLines = join(folder.path, 'first-lines.jsonl');
      const lines = readFileSync(SAMPLE, 'utf8').split('\n').slice(0, LINES_BEFORE);
      writeFileSync(firstLines, `${lines.join('\n')}\n`);
      const before = await stateOf(withRules, 'taken-over', ['--fresh', '--file', firstLines]);
      expect(before.posted).toBeGreaterThan(0);
      expect(before.posted).toBeLessThan(undisturbed.posted);

      const cloud = new LocalCloud({ dataDirectory: join(folder.path, 'taken-over'), host: 'in-process' });
      try {
        await cloud.destroy('rules');
        expect(cloud.stacks().sort()).toEqual([...OTHERS].sort());
        await cloud.deploy(stackIn(withEngine, 'rules'));
        for (const name of STACK_NAMES) {
          const changed = cloud.plan(stackIn(withEngine, name)).filter(({ action }) => action !== 'none');
          expect({ name, changed }).toEqual({ name, changed: [] });
        }
      } finally {
        await cloud.close();
      }

      // The first lines come again and add nothing: the engine never sees them.
      const after = await stateOf(withEngine, 'taken-over', []);
      expect(after.output).toMatch(new RegExp(`Deployed +${STACK_NAMES.length} stacks, 0 changes`));
      expect(withoutOutput(after)).toEqual(withoutOutput(undisturbed));
    },
    3 * MINUTE_MS,
  );

  it(
    'comes to the same ledger from the beginning, of 300 generated authorizations',
    async () => {
      const options = ['--fresh', '--generate', '300', '--seed', '11'];
      const byRules = await stateOf(withRules, 'generated-rules', options);
      const byEngine = await stateOf(withEngine, 'generated-engine', options);
      expect(byEngine.posted).toBeGreaterThan(0);
      expect(withoutOutput(byEngine)).toEqual(withoutOutput(byRules));
    },
    3 * MINUTE_MS,
  );
});
