/** What a compiled validator says of a value that it refuses. */
export interface ValidationProblem {
  readonly instancePath: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A validator compiled ahead of time; `errors` belongs to the last call. */
export interface Validate<T> {
  (value: unknown): value is T;
  readonly errors?: readonly ValidationProblem[] | null;
}

/**
 * Says in one line what a validator refused, without the value itself, which may hold what must not be
 * logged: the path of the member and the rule that it broke.
 */
export function explainProblem(validate: Validate<unknown>): string {
  const problem = validate.errors?.[0];
  if (problem === undefined) return 'is not valid';
  const { additionalProperty, missingProperty } = problem.params;
  const path =
    problem.instancePath === '' ? 'the record' : problem.instancePath.slice(1).replaceAll('/', '.');
  if (typeof additionalProperty === 'string')
    return `${path} has a member that the contract does not name: ${additionalProperty}`;
  if (typeof missingProperty === 'string') return `${path} lacks ${missingProperty}`;
  if (problem.message === 'must match format "pan-free"')
    return `${path} holds what looks like a card number`;
  if (problem.message === 'must match format "iban"') return `${path} is an IBAN with wrong check digits`;
  return `${path} ${problem.message ?? 'is not valid'}`;
}
