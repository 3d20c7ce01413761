import { describe, expect, it } from '@jest/globals';
import {
  loadEnvironment,
  reference,
  type SynthesizedStack,
  statementsOf,
  synthesizeStacks,
} from '@payments/infra/testing';
import { STAGES } from '@payments/schemas';

const OWNER = 'ingest';
/** The functions of ingest that make tokens; they hold the data key, for AES has one key for both directions. */
const TOKENIZERS = ['api', 'batch', 'ingest', 'tokenize'];
/** What it takes to get at a card number, as it is called in the stack that owns it and in an ARN. */
const TARGETS = [
  { address: 'aws_lambda_function.detokenize.', name: 'ingest-detokenize', action: /^lambda:/ },
  { address: 'aws_kms_key.vault-key.', name: 'vault', action: /^kms:/ },
  { address: 'aws_dynamodb_table.card-tokens.', name: 'ingest-card-tokens', action: /^dynamodb:/ },
] as const;
type Target = (typeof TARGETS)[number];

/** Every stack in every environment. */
const stacks = (['platform', ...STAGES] as const).flatMap((owner) =>
  synthesizeStacks(owner, owner === 'platform' ? undefined : infraOf(owner))
    .entries()
    .map(([environment, stack]) => ({ owner, environment, stack })),
);

function infraOf(stage: string): URL {
  return new URL(`../../${stage}/src/infra.ts`, import.meta.url);
}

/** The roles of a stack that may do anything with a target: by reference, by a name that it has, or by a wildcard. */
function rolesThatReach(stack: SynthesizedStack, environment: string, target: Target): string[] {
  const roles = [...stack.resources('aws_iam_role_policy')].filter(([, { policy }]) =>
    statementsOf(policy).some(
      ({ Effect, Action, Resource }) =>
        Effect === 'Allow' &&
        [Action].flat().some((action) => action === '*' || target.action.test(action)) &&
        [Resource].flat().some((resource) => covers(resource, environment, target)),
    ),
  );
  return roles.map(([id]) => id.replace(/-role-policy$/, '')).sort();
}

function covers(resource: string, environment: string, { address, name }: Target): boolean {
  if (resource.includes(address)) return true;
  const { system, region, accountId } = loadEnvironment(environment);
  const own = `${system}-${environment}-${name}`;
  const pattern = new RegExp(
    `^${resource
      .replaceAll(/[.+^${}()|[\]\\/]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  const arns = [
    `arn:aws:lambda:${region}:${accountId}:function:${own}`,
    `arn:aws:dynamodb:${region}:${accountId}:table/${own}`,
    `arn:aws:kms:${region}:${accountId}:alias/${own}`,
    `arn:aws:kms:${region}:${accountId}:key/00000000-0000-0000-0000-000000000000`,
  ];
  return resource.includes(own) || (resource.includes('*') && arns.some((arn) => pattern.test(arn)));
}

describe('who can get at a card number', () => {
  it('is looked for in every stack', () => {
    expect(new Set(stacks.map(({ owner }) => owner)).size).toBe(STAGES.length + 1);
  });

  it('is no role of another stack, and no other stack names the function, the key or the table', () => {
    for (const { owner, environment, stack } of stacks) {
      if (owner === OWNER) continue;
      for (const target of TARGETS) {
        expect({ owner, roles: rolesThatReach(stack, environment, target) }).toEqual({ owner, roles: [] });
        expect(stack.text).not.toContain(
          `${loadEnvironment(environment).system}-${environment}-${target.name}`,
        );
      }
    }
  });

  it('is, in the stack of ingest, nobody who may call the function', () => {
    for (const { environment, stack } of stacks.filter(({ owner }) => owner === OWNER)) {
      expect(rolesThatReach(stack, environment, TARGETS[0])).toEqual([]);
      // Nothing else does either: no permission, URL, rule, pipe, schedule or event source is made with it.
      expect(stack.text).not.toContain('aws_lambda_function.detokenize.');
      expect([...stack.resources('aws_lambda_permission').keys()].join()).not.toContain('detokenize');
    }
  });

  it('is, of the key and the table, the functions that make tokens and the one that takes them back', () => {
    for (const { environment, stack } of stacks.filter(({ owner }) => owner === OWNER)) {
      for (const target of TARGETS.slice(1)) {
        const roles = rolesThatReach(stack, environment, target);
        expect(roles).toContain('detokenize');
        expect(roles.filter((role) => role !== 'detokenize' && !TOKENIZERS.includes(role))).toEqual([]);
      }
    }
  });

  it('reads and does no more: one key for one purpose, and nothing is written', () => {
    for (const { stack } of stacks.filter(({ owner }) => owner === OWNER)) {
      expect(stack.grants('detokenize')).toEqual([
        'dynamodb:BatchGetItem aws_dynamodb_table.card-tokens.arn',
        'dynamodb:GetItem aws_dynamodb_table.card-tokens.arn',
        'kms:Decrypt aws_kms_key.vault-key.arn',
      ]);
      const policy = stack.resource('aws_iam_role_policy', 'detokenize-role-policy')['policy'];
      const unwrap = statementsOf(policy).find(({ Sid }) => Sid === 'UnwrapDataKey');
      expect(unwrap?.Condition).toEqual({
        StringEquals: { 'kms:EncryptionContext:payments:vault-key': 'data' },
      });
    }
  });

  it.each([
    ['its name', 'arn:aws:lambda:eu-west-2:000000000000:function:payments-local-ingest-detokenize', true],
    ['a wildcard', 'arn:aws:lambda:eu-west-2:000000000000:function:payments-local-ingest-*', true],
    ['everything', '*', true],
    ['a reference', reference('aws_lambda_function.detokenize.arn'), true],
    [
      'another function',
      'arn:aws:lambda:eu-west-2:000000000000:function:payments-local-ingest-tokenize',
      false,
    ],
    [
      'a wildcard of others',
      'arn:aws:lambda:eu-west-2:000000000000:function:payments-local-posting-*',
      false,
    ],
  ])('would be found by %s', (_, resource, isFound) => {
    expect(covers(resource, 'local', TARGETS[0])).toBe(isFound);
  });
});
