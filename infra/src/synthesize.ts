import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdktf';
import type { PaymentsStack } from './constructs/payments-stack.ts';
import { type StageContext, StageStack } from './constructs/stage-stack.ts';
import { DEFAULT_ENVIRONMENT, type Environment, loadEnvironment } from './environment.ts';
import { handlerBundle } from './handler-bundle.ts';
import type { Owner, StackName } from './names.ts';
import { type Breach, breachesOf, PoliciesBrokenError } from './policies/broken-policies.ts';
import type { CheckedStack } from './policies/policy.ts';
import { STAGE_DECLARATIONS } from './stages.ts';
import { SynthesizedStack } from './synthesized-stack.ts';

/** Where a package keeps what is made of it. */
const SYNTH_DIRECTORY = join('dist', 'synth');
const HANDLER_ZIP = join('dist', 'handler.zip');

/** Builds a stage's stack. */
export type BuildStack = (context: StageContext) => StageStack;

/** Where to synthesize from and to. */
export interface SynthesisPaths {
  /** CDKTF's output: the stack is in `stacks/<stage>/cdk.tf.json` below it. */
  readonly outDirectory: string;
  readonly handlerZip: string;
}

/** A package's own paths: `dist/synth` and `dist/handler.zip`. */
export function packagePaths(packageDirectory: string): SynthesisPaths {
  return {
    outDirectory: join(packageDirectory, SYNTH_DIRECTORY),
    handlerZip: join(packageDirectory, HANDLER_ZIP),
  };
}

/** The environment that `PAYMENTS_ENV` names; the synthesis is the only part of infra that reads a variable. */
export function chosenEnvironment(): Environment {
  return loadEnvironment(process.env['PAYMENTS_ENV'] ?? DEFAULT_ENVIRONMENT);
}

/**
 * Writes a stage's `cdk.tf.json`.
 *
 * @returns the path of the file
 * @throws BundleMissingError when the stage's functions have not been bundled
 * @throws PoliciesBrokenError when the stack breaks policies
 */
export function synthesizeStage(
  stage: Owner,
  build: BuildStack,
  environment: Environment,
  paths: SynthesisPaths,
): string {
  return synthesize(stage, paths.outDirectory, (app) => {
    const bundle = handlerBundle(stage, paths.handlerZip, stackDirectory(paths.outDirectory, stage));
    return build({ app, environment, bundle });
  });
}

/**
 * Writes the `cdk.tf.json` of a stack, and gives its path.
 *
 * @param isExcepted tells breaches that are there on purpose; none when absent
 * @throws PoliciesBrokenError when the stack breaks policies; then there is no file
 */
export function synthesize(
  owner: StackName,
  outDirectory: string,
  build: (app: App) => PaymentsStack,
  isExcepted: (breach: Breach) => boolean = () => false,
): string {
  mkdirSync(outDirectory, { recursive: true });
  const app = new App({ outdir: outDirectory, stackTraces: false });
  const stack = build(app);
  app.synth();
  const path = join(stackDirectory(outDirectory, owner), 'cdk.tf.json');
  const checked = checkedStack(stack, path);
  const breaches = breachesOf([checked]).filter((breach) => !isExcepted(breach));
  if (breaches.length > 0) {
    // Nobody may deploy it by mistake.
    rmSync(path);
    throw new PoliciesBrokenError(checked, breaches);
  }
  return path;
}

/** A stack as it was written, with what it declares to be. */
function checkedStack(built: PaymentsStack, path: string): CheckedStack {
  const { owner, environment } = built;
  const stack = new SynthesizedStack(readFileSync(path, 'utf8'));
  const declarations = Object.values(STAGE_DECLARATIONS);
  if (!(built instanceof StageStack)) return { owner, environment, stack, declarations };
  const { stage } = built;
  // The stack's own declaration may be another one than the repository's: that of a stage put in the place of one.
  const others = declarations.filter(({ name }) => name !== stage.name);
  return { owner, environment, stack, stage, declarations: [...others, stage] };
}

/**
 * What a stage's `infra.ts` does when it is run: synthesizes its stack for the chosen environment into its
 * package, and says where it is.
 *
 * @param sourceDirectory the directory of `infra.ts`
 */
export function runSynthesis(stage: Owner, build: BuildStack, sourceDirectory: string): void {
  const paths = packagePaths(join(sourceDirectory, '..'));
  sayResult(() => synthesizeStage(stage, build, chosenEnvironment(), paths));
}

/** Prints where the stack is; or, for what whoever ran it can put right, what that is, without a stack trace. */
export function sayResult(synthesis: () => string): void {
  try {
    console.log(synthesis());
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'retryable' in error)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

function stackDirectory(outDirectory: string, owner: StackName): string {
  return join(outDirectory, 'stacks', owner);
}
