/** A statement of an IAM policy, with lists where IAM also takes a single text. */
export interface ReadStatement {
  readonly sid: string;
  readonly isAllowed: boolean;
  readonly principal: unknown;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** True for one that names what it does not cover (`NotAction`, `NotResource`, `NotPrincipal`). */
  readonly isInverted: boolean;
  readonly conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * The statements of a policy in JSON.
 *
 * @returns undefined for what is no policy in JSON, such as a reference to one: nobody can say what it allows
 */
export function readStatements(policy: unknown): readonly ReadStatement[] | undefined {
  let document: unknown;
  try {
    document = JSON.parse(String(policy));
  } catch {
    return undefined;
  }
  if (typeof document !== 'object' || document === null || !('Statement' in document)) return undefined;
  return [document.Statement].flat().map((statement) => readStatement(statement as Record<string, unknown>));
}

/** What a policy allows, as far as it can be read; what cannot be read, `least-privilege` refuses. */
export function allowedBy(policy: unknown): readonly ReadStatement[] {
  return (readStatements(policy) ?? []).filter(({ isAllowed }) => isAllowed);
}

function readStatement(statement: Record<string, unknown>): ReadStatement {
  return {
    sid: String(statement['Sid'] ?? 'a statement without a name'),
    isAllowed: statement['Effect'] === 'Allow',
    principal: statement['Principal'],
    actions: textsOf(statement['Action']),
    resources: textsOf(statement['Resource']),
    isInverted: ['NotAction', 'NotResource', 'NotPrincipal'].some((name) => name in statement),
    conditions: (statement['Condition'] ?? {}) as ReadStatement['conditions'],
  };
}

function textsOf(value: unknown): readonly string[] {
  return value === undefined ? [] : [value].flat().map(String);
}
