// Shared by every package: Node's own type stripping turns TypeScript into JavaScript, so tests run
// the very text that production runs. Packages spread this into their jest.config.mjs.
import { fileURLToPath } from 'node:url';

export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/**/*.test.ts'],
  // A busy machine is slow, and that is no failure.
  testTimeout: 120_000,
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': fileURLToPath(new URL('./jest.strip-types.mjs', import.meta.url)) },
};
