import { arnOf } from '../names.ts';
import type { StageFunction } from './stage-function.ts';

/**
 * The AWS Parameters and Secrets Lambda Extension for arm64, by region: it is a layer of an account of AWS's own in
 * each (Systems Manager user guide, "Using Parameter Store parameters in Lambda functions", lists them).
 */
const EXTENSION_LAYERS: Readonly<Record<string, string>> = {
  'eu-west-1':
    'arn:aws:lambda:eu-west-1:015030872274:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:4',
  'eu-west-2':
    'arn:aws:lambda:eu-west-2:133256977650:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:4',
};

/** The extension's layer in a region; undefined for one of which we do not know it. */
export function extensionLayer(region: string): string | undefined {
  return EXTENSION_LAYERS[region];
}

/** A region of which we do not know the extension. */
export class ExtensionUnknownError extends Error {
  override readonly name = 'ExtensionUnknownError';
  readonly code = 'ExtensionUnknown';
  readonly retryable = false;
}

/**
 * Lets a function read one secret of Secrets Manager through the extension that is put beside it. The secret is made
 * and changed by its owner; it may be encrypted with the platform's key, which the function may use anyway.
 *
 * @param secretId the secret's name
 * @throws ExtensionUnknownError for a region that is not listed here
 */
export function readSecret(reader: StageFunction, secretId: string): void {
  const { environment } = reader.stack;
  const layer = extensionLayer(environment.region);
  if (layer === undefined)
    throw new ExtensionUnknownError(
      `the secrets extension of ${environment.region} is not known; add its ARN to ${Object.keys(EXTENSION_LAYERS).join(', ')}`,
    );
  reader.addLayer(layer);
  reader.role.allow({
    sid: 'ReadSecret',
    actions: ['secretsmanager:GetSecretValue'],
    // Secrets Manager ends the ARN with six characters of its own (Secrets Manager user guide, "ARN format").
    resources: [arnOf(environment, 'secretsmanager', `secret:${secretId}-??????`)],
  });
}
