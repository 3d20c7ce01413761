/** A resource's arguments as they stand in `cdk.tf.json`. */
export type Arguments = Readonly<Record<string, unknown>>;

/** A statement of a policy. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A synthesized stack, read for policies and tests. */
export class SynthesizedStack {
  /** The whole file as text, for what must not be in it. */
  readonly text: string;
  readonly #document: Arguments;

  constructor(text: string) {
    this.text = text;
    this.#document = objectOf(JSON.parse(text));
  }

  /** The resources of a type, by their construct id. */
  resources(type: string): ReadonlyMap<string, Arguments> {
    return blocksOf(objectOf(this.#document['resource'])[type]);
  }

  /** The data sources of a type, by their construct id. */
  data(type: string): ReadonlyMap<string, Arguments> {
    return blocksOf(objectOf(this.#document['data'])[type]);
  }

  /** All resources, by their Terraform address. */
  all(): ReadonlyMap<string, Arguments> {
    const types = Object.entries(objectOf(this.#document['resource']));
    return new Map(
      types.flatMap(([type, byId]) =>
        [...blocksOf(byId)].map(([id, args]) => [`${type}.${id}`, args] as const),
      ),
    );
  }

  /** The settings of the AWS provider. */
  provider(): Arguments {
    return firstBlock(objectOf(this.#document['provider'])['aws']);
  }

  /** The settings of the backend that keeps the state, whichever it is. */
  backend(): Arguments {
    return objectOf(Object.values(objectOf(objectOf(this.#document['terraform'])['backend']))[0]);
  }

  /**
   * The one resource of a type with a construct id.
   *
   * @throws Error when there is none
   */
  resource(type: string, id: string): Arguments {
    const found = this.resources(type).get(id);
    if (found === undefined) throw new Error(`the stack has no ${type}.${id}`);
    return found;
  }

  /**
   * What a role may do, but for what most roles may do: use the platform's key, write its function's own logs, and send
   * traces.
   *
   * @returns `<action> <resource>` lines, sorted; a reference stands as its address
   */
  grants(purpose: string): readonly string[] {
    const lines = statementsOf(
      this.resource('aws_iam_role_policy', `${purpose}-role-policy`)['policy'],
    ).flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => Resource.map((resource) => `${action} ${withoutBraces(resource)}`)),
    );
    const usual = [
      /^kms:\w+ data\.aws_kms_alias\.platform-key\./,
      /^logs:(CreateLogStream|PutLogEvents) /,
      /^xray:/,
    ];
    return lines.filter((line) => !usual.some((each) => each.test(line))).sort();
  }

  /** The environment of a function. */
  variables(functionId: string): Readonly<Record<string, string>> {
    const environment = firstBlock(this.resource('aws_lambda_function', functionId)['environment']);
    return objectOf(environment['variables']) as Record<string, string>;
  }
}

/** The statements of a policy in JSON. */
export function statementsOf(policy: unknown): readonly PolicyStatement[] {
  return JSON.parse(String(policy)).Statement as PolicyStatement[];
}

/** A reference as it stands in a stack: `${aws_sqs_queue.queue.arn}` for `aws_sqs_queue.queue.arn`. */
export function reference(address: string): string {
  return `\${${address}}`;
}

/** A nested block: Terraform's JSON writes it as an object, or as a list of one. */
export function firstBlock(value: unknown): Arguments {
  return objectOf(Array.isArray(value) ? value[0] : value);
}

/** The construct id in a reference: `queue` of `${aws_sqs_queue.queue.arn}`; undefined for anything else. */
export function referenceTo(value: unknown, type: string): string | undefined {
  return new RegExp(`^\\$\\{${type}\\.([\\w-]+)\\.\\w+\\}$`).exec(String(value))?.[1];
}

/** `${aws_sqs_queue.queue.arn}` as `aws_sqs_queue.queue.arn`. */
function withoutBraces(text: string): string {
  return text.replaceAll(/\$\{([^}]+)\}/g, '$1');
}

function objectOf(value: unknown): Arguments {
  return typeof value === 'object' && value !== null ? (value as Arguments) : {};
}

function blocksOf(byId: unknown): ReadonlyMap<string, Arguments> {
  return new Map(Object.entries(objectOf(byId)).map(([id, args]) => [id, objectOf(args)]));
}
