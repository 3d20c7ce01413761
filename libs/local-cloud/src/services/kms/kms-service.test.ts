import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../core/aws-error.ts';
import { type SimulatedContext, simulatedContext } from '../sqs/simulated-context.ts';
import { KmsService } from './kms-service.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('KMS', () => {
  let context: SimulatedContext;
  let kms: KmsService;

  beforeEach(() => {
    context = simulatedContext();
    kms = new KmsService(context);
  });

  async function create(type: string, args: JsonObject): Promise<JsonObject> {
    const found = kms.resourceTypes.find((candidate) => candidate.type === type);
    if (found === undefined) throw new Error(`there is no ${type}`);
    return found.create(args);
  }

  it('encrypts and decrypts under a key, an alias, and a context', async () => {
    const { key_id: KeyId, arn } = await create('aws_kms_key', { description: 'events' });
    await create('aws_kms_alias', { name: 'alias/events', target_key_id: String(KeyId) });
    const EncryptionContext = { a: '1', b: '2' };
    const { CiphertextBlob = null } = kms.call('Encrypt', {
      KeyId: 'alias/events',
      Plaintext: base64('secret'),
      EncryptionContext,
    });
    expect(Buffer.from(String(CiphertextBlob), 'base64').includes('secret')).toBe(false);
    expect(kms.call('Decrypt', { CiphertextBlob, EncryptionContext: { b: '2', a: '1' } })).toMatchObject({
      KeyId: arn,
      Plaintext: base64('secret'),
    });
    expect(() => kms.call('Decrypt', { CiphertextBlob })).toThrow('ciphertext is not valid');
    expect(() => kms.call('Decrypt', { CiphertextBlob: base64('x') })).toThrow('ciphertext is not valid');
    expect(kms.keyArnOf({ CiphertextBlob })).toBe(arn);
    expect(kms.dataSources[0]?.read({ name: 'alias/events' })).toMatchObject({ target_key_arn: arn });
  });

  it('makes data keys that the key opens, each another', async () => {
    const { key_id: KeyId = null } = await create('aws_kms_key', {});
    const one = kms.call('GenerateDataKey', { KeyId, KeySpec: 'AES_256' });
    const two = kms.call('GenerateDataKey', { KeyId, NumberOfBytes: 64 });
    expect(Buffer.from(String(one['Plaintext']), 'base64')).toHaveLength(32);
    expect(Buffer.from(String(two['Plaintext']), 'base64')).toHaveLength(64);
    expect(one['Plaintext']).not.toBe(two['Plaintext']);
    const { CiphertextBlob = null } = one;
    expect(kms.call('Decrypt', { CiphertextBlob })['Plaintext']).toBe(one['Plaintext']);
    expect(kms.call('GenerateDataKeyWithoutPlaintext', { KeyId, KeySpec: 'AES_256' })).not.toHaveProperty(
      'Plaintext',
    );
  });

  it('makes and verifies MACs', async () => {
    const { key_id: KeyId = null } = await create('aws_kms_key', {
      key_usage: 'GENERATE_VERIFY_MAC',
      customer_master_key_spec: 'HMAC_256',
    });
    const input = { KeyId, Message: base64('m'), MacAlgorithm: 'HMAC_SHA_256' };
    const { Mac = null } = kms.call('GenerateMac', input);
    expect(Mac).toBe(kms.call('GenerateMac', input)['Mac']);
    expect(Buffer.from(String(Mac), 'base64')).toHaveLength(createHmac('sha256', '').digest().length);
    expect(kms.call('VerifyMac', { ...input, Mac })).toMatchObject({ MacValid: true });
    expect(() => kms.call('VerifyMac', { ...input, Message: base64('n'), Mac })).toThrow('MAC is not valid');
    expect(() => kms.call('Encrypt', { KeyId, Plaintext: base64('m') })).toThrow('key usage');
    expect(() => kms.call('GenerateMac', { ...input, MacAlgorithm: 'HMAC_SHA_512' })).toThrow('no algorithm');
  });

  it('keeps its keys over a restart, and uses no disabled one', async () => {
    const { key_id: KeyId = null } = await create('aws_kms_key', {});
    const { CiphertextBlob = null } = kms.call('Encrypt', { KeyId, Plaintext: base64('m') });
    const again = new KmsService(simulatedContext({ store: context.store }));
    expect(again.call('Decrypt', { CiphertextBlob })['Plaintext']).toBe(base64('m'));
    const { key_id: disabled = null } = await create('aws_kms_key', { is_enabled: false });
    expect(() => kms.call('Encrypt', { KeyId: disabled, Plaintext: base64('m') })).toThrow('disabled');
    expect(() => kms.call('Encrypt', { KeyId: 'alias/none', Plaintext: base64('m') })).toThrow(
      'does not exist',
    );
  });

  it('leaves permissions to IAM unless the key has a policy', async () => {
    const { arn } = await create('aws_kms_key', {});
    expect(kms.policyOf(String(arn))).toContain('arn:aws:iam::000000000000:root');
    const own = await create('aws_kms_key', { policy: '{"Statement":[]}' });
    expect(kms.policyOf(String(own['arn']))).toBe('{"Statement":[]}');
  });
});
