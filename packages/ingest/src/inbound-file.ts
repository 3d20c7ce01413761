/** What a sender of files needs: how a file is encrypted, and by which name it is found in the table of files. */
export { fileIdOf } from './adapters/dynamodb-batch-progress.ts';
export { encryptingStream } from './adapters/file-encryption.ts';
export { keyServiceOf } from './adapters/key-service.ts';
