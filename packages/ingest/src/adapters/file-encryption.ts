import type { Duplex } from 'node:stream';
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  KmsKeyringNode,
  type KmsKeyringNodeInput,
  type MessageHeader,
} from '@aws-crypto/client-node';

/**
 * Encrypted with a data key of its own that KMS wraps; each frame is authenticated by itself, so that what is read is
 * known to be genuine before the file's end. It is not signed: the signature would stand at the end, and who may put a
 * file is known by IAM. (AWS Encryption SDK developer guide, "Supported algorithm suites" and "Best practices".)
 */
const SUITE = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;
const FRAME_BYTES = 64 * 1024;
/** One key wraps the data key; a message with many would have KMS asked for each. */
const DATA_KEYS_MAX = 1;

/** What every file says of itself, and KMS binds its data key to: no other ciphertext is taken for a file. */
const CONTEXT = { 'payments:content': 'authorizations' };

const { encryptStream, decryptUnsignedMessageStream } = buildClient({
  commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
  maxEncryptedDataKeys: DATA_KEYS_MAX,
});

/** What is asked of KMS; `keyServiceOf` makes it of a client. */
export type KeyService = Exclude<ReturnType<NonNullable<KmsKeyringNodeInput['clientProvider']>>, false>;

/**
 * Encrypts a file as it is read, for whoever sends one.
 *
 * @param keyArn the ARN of the key of inbound files, or of its alias
 */
export function encryptingStream(kms: KeyService, keyArn: string): Duplex {
  const keyring = new KmsKeyringNode({ clientProvider: () => kms, generatorKeyId: keyArn });
  return encryptStream(keyring, { suiteId: SUITE, frameLength: FRAME_BYTES, encryptionContext: CONTEXT });
}

/**
 * Decrypts a file as it is read. The stream fails when the file was changed, was cut off, or is of another key.
 *
 * @param keyArn the ARN of the key itself
 */
export function decryptingStream(kms: KeyService, keyArn: string): Duplex {
  const keyring = new KmsKeyringNode({ clientProvider: () => kms, keyIds: [keyArn] });
  const stream = decryptUnsignedMessageStream(keyring);
  stream.once('MessageHeader', ({ encryptionContext }: MessageHeader) => {
    const isFile = Object.entries(CONTEXT).every(([name, value]) => encryptionContext[name] === value);
    if (!isFile) stream.destroy(new Error('the ciphertext is not one of a file of authorizations'));
  });
  return stream;
}
