import { hash } from 'node:crypto';
import type { ContentHash } from '../ports.ts';

/** SHA-256 of the UTF-8 bytes. */
export class Sha256ContentHash implements ContentHash {
  hashOf(text: string): string {
    return hash('sha256', text, 'hex');
  }
}
