import { createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { DataSourceType, ResourceType } from '../../core/resource.ts';
import type { LocalService, ServiceContext } from '../../core/seams.ts';
import { isObject, optionalInteger, optionalText, requiredText } from '../sqs/members.ts';
import { decrypt, encrypt, keyIdOf, NONCE_LENGTH } from './envelope-cipher.ts';
import { type Key, KeyRegistry, type KeySpec, type KeyUsage, randomBytes } from './key-registry.ts';
import { kmsResources, kmsSources } from './kms-resources.ts';

/** The longest plaintext that Encrypt takes, and the longest message that GenerateMac takes, in bytes. */
const DIRECT_BYTES_MAX = 4096;
const DATA_KEY_BYTES = { min: 1, max: 1024 };
const DATA_KEY_SPECS: Readonly<Record<string, number>> = { AES_128: 16, AES_256: 32 };

const MAC_ALGORITHMS: Readonly<Record<string, { readonly digest: string; readonly spec: KeySpec }>> = {
  HMAC_SHA_256: { digest: 'sha256', spec: 'HMAC_256' },
  HMAC_SHA_384: { digest: 'sha384', spec: 'HMAC_384' },
  HMAC_SHA_512: { digest: 'sha512', spec: 'HMAC_512' },
};

/** AWS KMS: real AES-256-GCM and HMAC with keys that stay in the store. */
export class KmsService implements LocalService {
  readonly name = 'kms';
  readonly resourceTypes: readonly ResourceType[];
  readonly dataSources: readonly DataSourceType[];
  readonly #context: ServiceContext;
  readonly #keys: KeyRegistry;

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#keys = new KeyRegistry(context.account, context.runtime, context.store);
    this.resourceTypes = kmsResources(this.#keys);
    this.dataSources = kmsSources(this.#keys);
  }

  call(operation: string, input: JsonObject): JsonObject {
    this.#context.bill('kms:requests', 1);
    switch (operation) {
      case 'Encrypt':
        return this.#encrypt(input);
      case 'Decrypt':
        return this.#decrypt(input);
      case 'GenerateDataKey':
        return this.#generateDataKey(input);
      case 'GenerateDataKeyWithoutPlaintext': {
        const { Plaintext: _, ...withoutPlaintext } = this.#generateDataKey(input);
        return withoutPlaintext;
      }
      case 'GenerateMac':
        return this.#generateMac(input);
      case 'VerifyMac':
        return this.#verifyMac(input);
      case 'DescribeKey':
        return { KeyMetadata: this.#describe(this.#keys.get(requiredText(input, 'KeyId'))) };
      default:
        throw new AwsError('UnknownOperationException', `The local cloud does not run kms:${operation}.`);
    }
  }

  /** The ARN of the key that a request means, for its permission. Throws AwsError when there is none. */
  keyArnOf(input: JsonObject): string {
    const reference = optionalText(input, 'KeyId');
    if (reference !== undefined) return this.#keys.get(reference).arn;
    const ciphertext = optionalText(input, 'CiphertextBlob');
    return ciphertext === undefined ? '*' : this.#keys.get(keyIdOf(Buffer.from(ciphertext, 'base64'))).arn;
  }

  /** An alias of each key that has one, by the key's ARN. */
  aliases(): Record<string, string> {
    return this.#keys.aliases();
  }

  /** The policy of a key; without one of its own, the account's IAM policies decide. */
  policyOf(keyArn: string): string | undefined {
    const key = this.#keys.find(keyArn);
    if (key === undefined) return undefined;
    const root = `arn:aws:iam::${this.#context.account.id}:root`;
    return (
      key.policy ??
      JSON.stringify({
        Statement: [{ Effect: 'Allow', Principal: { AWS: root }, Action: 'kms:*', Resource: '*' }],
      })
    );
  }

  resume(): void {}

  outstanding(): number {
    return 0;
  }

  #encrypt(input: JsonObject): JsonObject {
    const key = this.#usable(requiredText(input, 'KeyId'), 'ENCRYPT_DECRYPT');
    const plaintext = bytesOf(input, 'Plaintext');
    const ciphertext = encrypt(key, plaintext, contextOf(input), this.#nonce());
    return {
      KeyId: key.arn,
      CiphertextBlob: ciphertext.toString('base64'),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    };
  }

  #decrypt(input: JsonObject): JsonObject {
    const ciphertext = Buffer.from(requiredText(input, 'CiphertextBlob'), 'base64');
    const key = this.#usable(keyIdOf(ciphertext), 'ENCRYPT_DECRYPT');
    const wanted = optionalText(input, 'KeyId');
    if (wanted !== undefined && this.#keys.get(wanted).id !== key.id) {
      throw new AwsError('IncorrectKeyException', 'The key is not the one that encrypted the ciphertext.');
    }
    const plaintext = decrypt(key, ciphertext, contextOf(input));
    return {
      KeyId: key.arn,
      Plaintext: plaintext.toString('base64'),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    };
  }

  #generateDataKey(input: JsonObject): JsonObject {
    const key = this.#usable(requiredText(input, 'KeyId'), 'ENCRYPT_DECRYPT');
    const count =
      optionalInteger(input, 'NumberOfBytes', DATA_KEY_BYTES, 'ValidationException') ??
      DATA_KEY_SPECS[optionalText(input, 'KeySpec') ?? ''];
    if (count === undefined) {
      throw new AwsError('ValidationException', 'Please specify either number of bytes or key spec.');
    }
    const plaintext = randomBytes(this.#context.runtime, count);
    return {
      KeyId: key.arn,
      Plaintext: Buffer.from(plaintext).toString('base64'),
      CiphertextBlob: encrypt(key, plaintext, contextOf(input), this.#nonce()).toString('base64'),
    };
  }

  #generateMac(input: JsonObject): JsonObject {
    const { key, algorithm, mac } = this.#mac(input);
    return { KeyId: key.arn, Mac: mac.toString('base64'), MacAlgorithm: algorithm };
  }

  #verifyMac(input: JsonObject): JsonObject {
    const { key, algorithm, mac } = this.#mac(input);
    const given = Buffer.from(requiredText(input, 'Mac'), 'base64');
    if (given.length !== mac.length || !timingSafeEqual(given, mac)) {
      throw new AwsError('KMSInvalidMacException', 'The MAC is not valid.');
    }
    return { KeyId: key.arn, MacValid: true, MacAlgorithm: algorithm };
  }

  #mac(input: JsonObject): { key: Key; algorithm: string; mac: Buffer } {
    const key = this.#usable(requiredText(input, 'KeyId'), 'GENERATE_VERIFY_MAC');
    const algorithm = requiredText(input, 'MacAlgorithm');
    const known = MAC_ALGORITHMS[algorithm];
    if (known === undefined || known.spec !== key.spec) {
      throw new AwsError('InvalidKeyUsageException', `${key.arn} has no algorithm ${algorithm}.`);
    }
    const mac = createHmac(known.digest, key.material).update(bytesOf(input, 'Message')).digest();
    return { key, algorithm, mac };
  }

  #usable(reference: string, usage: KeyUsage): Key {
    const key = this.#keys.get(reference);
    if (!key.enabled) throw new AwsError('DisabledException', `${key.arn} is disabled.`);
    if (key.usage !== usage) {
      throw new AwsError('InvalidKeyUsageException', `${key.arn} key usage is ${key.usage}.`);
    }
    return key;
  }

  #describe(key: Key): JsonObject {
    return {
      AWSAccountId: this.#context.account.id,
      KeyId: key.id,
      Arn: key.arn,
      CreationDate: key.createdAt / 1000,
      Enabled: key.enabled,
      Description: key.description,
      KeyUsage: key.usage,
      KeyState: key.enabled ? 'Enabled' : 'Disabled',
      Origin: 'AWS_KMS',
      KeyManager: 'CUSTOMER',
      KeySpec: key.spec,
      CustomerMasterKeySpec: key.spec,
      MultiRegion: false,
    };
  }

  #nonce(): Uint8Array {
    return randomBytes(this.#context.runtime, NONCE_LENGTH);
  }
}

function contextOf(input: JsonObject): JsonObject {
  return isObject(input['EncryptionContext']) ? input['EncryptionContext'] : {};
}

function bytesOf(input: JsonObject, member: string): Buffer {
  const bytes = Buffer.from(requiredText(input, member, 'ValidationException'), 'base64');
  if (bytes.length === 0 || bytes.length > DIRECT_BYTES_MAX) {
    throw new AwsError('ValidationException', `${member} must have 1 to ${DIRECT_BYTES_MAX} bytes.`);
  }
  return bytes;
}
