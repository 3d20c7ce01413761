import { createCipheriv, createDecipheriv } from 'node:crypto';
import { AwsError, type JsonObject } from '../../core/aws-error.ts';
import type { Key } from './key-registry.ts';

/** A ciphertext here: format, key id, nonce, tag, encrypted bytes. Real ones are opaque too, and larger. */
const FORMAT = 1;
const ID_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + ID_BYTES + NONCE_BYTES + TAG_BYTES;

/** How many random bytes `encrypt` wants. */
export const NONCE_LENGTH = NONCE_BYTES;

/** Encrypts with AES-256-GCM, bound to the encryption context. */
export function encrypt(key: Key, plaintext: Uint8Array, context: JsonObject, nonce: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key.material, nonce);
  cipher.setAAD(canonical(context));
  const encrypted = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const id = Buffer.from(key.id.replaceAll('-', ''), 'hex');
  return Buffer.concat([Buffer.from([FORMAT]), id, nonce, cipher.getAuthTag(), encrypted]);
}

/**
 * The id of the key that a ciphertext was made with.
 *
 * @throws AwsError InvalidCiphertextException
 */
export function keyIdOf(ciphertext: Uint8Array): string {
  if (ciphertext.length < HEAD_BYTES || ciphertext[0] !== FORMAT) throw invalid();
  const hex = Buffer.from(ciphertext.subarray(1, 1 + ID_BYTES)).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * Decrypts what `encrypt` made.
 *
 * @throws AwsError InvalidCiphertextException when it was changed, or the context is another
 */
export function decrypt(key: Key, ciphertext: Uint8Array, context: JsonObject): Buffer {
  const nonce = ciphertext.subarray(1 + ID_BYTES, 1 + ID_BYTES + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key.material, nonce);
  decipher.setAAD(canonical(context));
  decipher.setAuthTag(ciphertext.subarray(HEAD_BYTES - TAG_BYTES, HEAD_BYTES));
  try {
    return Buffer.concat([decipher.update(ciphertext.subarray(HEAD_BYTES)), decipher.final()]);
  } catch {
    throw invalid();
  }
}

/** The context in one form whatever the order of its keys. */
function canonical(context: JsonObject): Buffer {
  const entries = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(entries));
}

function invalid(): AwsError {
  return new AwsError('InvalidCiphertextException', 'The ciphertext is not valid.');
}
