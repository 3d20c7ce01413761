import { createHash } from 'node:crypto';
import type { ContentHash } from '../ports.ts';

/** SHA-256 of the UTF-8 bytes. */
export class Sha256ContentHash implements ContentHash {
  hashOf(text: string): string {
    return createHash('sha256').update(text, 'utf8').digest('hex');
  }
}
