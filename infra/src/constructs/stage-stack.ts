import { DataAwsKmsAlias } from '@cdktf/provider-aws/lib/data-aws-kms-alias/index.js';
import type { Environment, StageDeclaration } from '@payments/schemas';
import type { App } from 'cdktf';
import type { HandlerBundle } from '../handler-bundle.ts';
import { keyAlias } from '../names.ts';
import { PaymentsStack } from './payments-stack.ts';
import { publishContracts } from './stage-contracts.ts';

/** With what a stage's stack is built. */
export interface StageContext {
  readonly app: App;
  readonly environment: Environment;
  /** The zip that the stage's functions run. */
  readonly bundle: HandlerBundle;
}

/**
 * The stack of one stage. It finds the platform by its names, and the platform's key by its alias, so that it
 * needs nothing of the platform's state. It publishes the contracts of what the stage emits.
 */
export class StageStack<Declaration extends StageDeclaration = StageDeclaration> extends PaymentsStack {
  readonly stage: Declaration;
  readonly bundle: HandlerBundle;
  readonly keyArn: string;

  constructor({ app, environment, bundle }: StageContext, stage: Declaration) {
    super(app, stage.name, environment);
    this.stage = stage;
    this.bundle = bundle;
    this.keyArn = new DataAwsKmsAlias(this, 'platform-key', { name: keyAlias(environment) }).targetKeyArn;
    publishContracts(this);
  }
}
