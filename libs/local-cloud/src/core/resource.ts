import type { JsonObject } from './aws-error.ts';

/** A resource as Terraform sees it: the arguments written in the stack and the attributes AWS computed. */
export interface ResourceState {
  readonly arguments: JsonObject;
  /** What other resources may refer to (`arn`, `id`, `url`, …), the arguments included. */
  readonly attributes: JsonObject;
}

/**
 * How the local cloud runs one Terraform resource type. An argument that is in neither list is refused at
 * deploy time, by name: nothing is ignored in silence. Dotted names reach into blocks (`redrive_policy`,
 * `target_parameter.sqs_target`); naming a block allows all that is in it.
 */
export interface ResourceType {
  /** The Terraform type, for example `aws_sqs_queue`. */
  readonly type: string;
  /** The arguments that change what the local cloud does. */
  readonly runs: readonly string[];
  /** The arguments that mean nothing on one machine, each with the reason, for example `tags`. */
  readonly accepts: Readonly<Record<string, string>>;
  /** Makes the resource. Nested blocks arrive as Terraform writes them: an object or a list of objects. */
  create(args: JsonObject): JsonObject | Promise<JsonObject>;
  /** Changes it in place and gives its new attributes. */
  update(args: JsonObject, previous: ResourceState): JsonObject | Promise<JsonObject>;
  /** Removes it with all that it holds. */
  destroy(state: ResourceState): void | Promise<void>;
}

/** A Terraform data source: arguments in, attributes out. */
export interface DataSourceType {
  readonly type: string;
  read(args: JsonObject): JsonObject;
}

/** The account that the local cloud plays. */
export interface Account {
  readonly id: string;
  readonly region: string;
}
