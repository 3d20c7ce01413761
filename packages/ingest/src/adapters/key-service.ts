import { DecryptCommand, EncryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { presentMembers } from '../mapping/present-members.ts';
import type { KeyService } from './file-encryption.ts';

/**
 * KMS as the AWS Encryption SDK asks it.
 *
 * @param onRefused hears what KMS refuses: the Encryption SDK makes one text of all refusals
 */
export function keyServiceOf(
  kms: KMSClient,
  onRefused: (error: unknown) => void = () => undefined,
): KeyService {
  const hear = async <Output>(call: Promise<Output>): Promise<Output> => {
    try {
      return await call;
    } catch (error) {
      onRefused(error);
      throw error;
    }
  };
  return {
    generateDataKey: async (input) => {
      const { KeyId, Plaintext, CiphertextBlob } = await hear(kms.send(new GenerateDataKeyCommand(input)));
      return presentMembers({ KeyId, Plaintext, CiphertextBlob });
    },
    encrypt: async (input) => {
      const { KeyId, CiphertextBlob } = await hear(kms.send(new EncryptCommand(input)));
      return presentMembers({ KeyId, CiphertextBlob });
    },
    decrypt: async (input) => {
      const { KeyId, Plaintext } = await hear(kms.send(new DecryptCommand(input)));
      return presentMembers({ KeyId, Plaintext });
    },
  };
}
