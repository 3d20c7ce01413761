/** Compares the contracts with those that were released last; prints what breaks, and for whom, and fails if anything. */
import { readRelease } from '@payments/schemas/compatibility/released-contracts';
import { presentBreaks } from './present-breaks.ts';

const breaks = presentBreaks();
for (const line of breaks) console.error(line);
if (breaks.length > 0) process.exitCode = 1;
else console.log(`contracts are compatible with ${readRelease()?.version ?? 'none: nothing is released'}`);
