/** What a sender of files needs: how a file is encrypted, and by which name it is found in the table of files. */
export { fileIdOf } from './dynamodb-batch-progress.ts';
export { encryptingStream } from './file-encryption.ts';
export { keyServiceOf } from './key-service.ts';
