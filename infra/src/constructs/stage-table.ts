import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table/index.js';
import type { PaymentsStack } from './payments-stack.ts';
import type { Grantee } from './service-role.ts';

/** What a function may do with the items of a table. TransactWriteItems and TransactGetItems need the actions that
 * they are made of, and no other (DynamoDB developer guide, "Using IAM with transactions"). */
export type TableAction =
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'ConditionCheckItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'Scan'
  | 'UpdateItem';

/** The actions that write nothing. */
const READING: ReadonlySet<TableAction> = new Set(['BatchGetItem', 'GetItem', 'Query', 'Scan']);

/** An attribute of a key: its name and type, string or number. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N';
}

export interface TableIndex {
  readonly name: string;
  readonly hashKey: KeyAttribute;
  readonly rangeKey?: KeyAttribute;
  /** It holds keys alone, for whoever reads the items afterwards: a change of others costs no write in the index. */
  readonly keysOnly?: true;
}

export interface StageTableProps {
  readonly hashKey: KeyAttribute;
  readonly rangeKey?: KeyAttribute;
  /** The attribute with the epoch second after which an item may go. */
  readonly expiresAt?: string;
  /** Whether each new image is on the table's stream. */
  readonly stream?: boolean;
  readonly index?: TableIndex;
  /** Further ones. */
  readonly moreIndexes?: readonly TableIndex[];
}

/** A table: paid by request, encrypted by our key, restorable to any second, safe from deletion where data counts. */
export class StageTable {
  readonly arn: string;
  readonly name: string;
  /** Empty without a stream. */
  readonly streamArn: string;
  readonly #purpose: string;

  /** @param purpose its construct id, and its name within the stage */
  constructor(stack: PaymentsStack, purpose: string, props: StageTableProps) {
    this.#purpose = purpose;
    const { hashKey, rangeKey, index, moreIndexes = [] } = props;
    const indexes = index === undefined ? moreIndexes : [index, ...moreIndexes];
    const table = new DynamodbTable(stack, purpose, {
      name: stack.nameOf(purpose),
      billingMode: 'PAY_PER_REQUEST',
      hashKey: hashKey.name,
      ...(rangeKey === undefined ? {} : { rangeKey: rangeKey.name }),
      attribute: attributesOf([
        hashKey,
        rangeKey,
        ...indexes.flatMap((each) => [each.hashKey, each.rangeKey]),
      ]),
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: stack.keyArn },
      deletionProtectionEnabled: stack.environment.protectData,
      ...(props.stream === true ? { streamEnabled: true, streamViewType: 'NEW_IMAGE' } : {}),
      ...(props.expiresAt === undefined ? {} : { ttl: { enabled: true, attributeName: props.expiresAt } }),
      ...(indexes.length === 0 ? {} : { globalSecondaryIndex: indexes.map(indexOf) }),
    });
    this.arn = table.arn;
    this.name = stack.nameOf(purpose);
    this.streamArn = props.stream === true ? table.streamArn : '';
  }

  /** Allows actions on the items of this table. */
  grant(grantee: Grantee, ...actions: readonly TableAction[]): void {
    this.#allow(grantee, `Use${pascalCase(this.#purpose)}`, actions, this.arn);
  }

  /** Allows to query one of this table's indexes. */
  grantQuery(grantee: Grantee, index: string): void {
    this.#allow(grantee, `Query${pascalCase(this.#purpose)}`, ['Query'], `${this.arn}/index/${index}`);
  }

  #allow(grantee: Grantee, sid: string, actions: readonly TableAction[], resource: string): void {
    grantee.role.allow({
      sid,
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [resource],
    });
    // Whoever uses a table that a customer-managed key encrypts uses the key (DynamoDB developer guide,
    // "Using KMS keys to encrypt tables"): a reader opens with it, a writer also closes.
    grantee.role.allowKey(['Decrypt', 'DescribeKey']);
    if (actions.some((action) => !READING.has(action))) {
      grantee.role.allowKey(['Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo']);
    }
  }
}

function attributesOf(keys: readonly (KeyAttribute | undefined)[]): { name: string; type: string }[] {
  const types = new Map(keys.filter((key) => key !== undefined).map(({ name, type }) => [name, type]));
  return [...types].map(([name, type]) => ({ name, type }));
}

function indexOf({ name, hashKey, rangeKey, keysOnly }: TableIndex) {
  return {
    name,
    hashKey: hashKey.name,
    ...(rangeKey === undefined ? {} : { rangeKey: rangeKey.name }),
    projectionType: keysOnly === true ? 'KEYS_ONLY' : 'ALL',
  };
}

/** `card-tokens` as `CardTokens`: a statement's name takes letters and digits only. */
function pascalCase(purpose: string): string {
  return purpose.replace(/(?:^|-)([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}
