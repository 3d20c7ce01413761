import { AwsError, type JsonObject } from '../../core/aws-error.ts';

/** An S3 error. Source: Amazon S3 API Reference, "Error responses". */
export function s3Error(code: string, status: number, message: string, members: JsonObject = {}): AwsError {
  return new AwsError(code, message, { status, members });
}

export function noSuchKey(key: string): AwsError {
  return s3Error('NoSuchKey', 404, 'The specified key does not exist.', { Key: key });
}
