import { BlockList, isIP } from 'node:net';
import type { LeafMatcher } from './leaf.ts';
import { invalidPattern } from './pattern-json.ts';

const MASK_BITS_MAX = { 4: 31, 6: 127 } as const;

/**
 * Compiles `{"cidr": "10.0.0.0/24"}`.
 *
 * @throws AwsError InvalidEventPatternException with event-ruler's wording
 */
export function compileCidr(cidr: string): LeafMatcher {
  const parts = cidr.split('/');
  const [address, bits] = parts;
  if (parts.length !== 2 || address === undefined || bits === undefined) {
    throw invalidPattern("Malformed CIDR, one '/' required");
  }
  if (!/^[+-]?\d+$/.test(bits)) throw invalidPattern('Malformed CIDR, mask bits must be an integer');
  const version = isIP(address);
  if (version === 0) throw invalidPattern(`Nonstandard IP address: ${address}`);
  const mask = Number(bits);
  if (mask < 0) throw invalidPattern('Malformed CIDR, mask bits must not be negative');
  if (version === 4 && mask > MASK_BITS_MAX[4]) throw invalidPattern('IPv4 mask bits must be < 32');
  if (version === 6 && mask > MASK_BITS_MAX[6]) throw invalidPattern('IPv6 mask bits must be < 128');
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const range = new BlockList();
  range.addSubnet(address, mask, family);
  return (leaf) => typeof leaf === 'string' && isIP(leaf) === version && range.check(leaf, family);
}

/** Compiles an exact address; IPv6 has many spellings of one address and all of them match. */
export function compileAddress(text: string): LeafMatcher | undefined {
  if (isIP(text) !== 6) return undefined;
  const one = new BlockList();
  one.addAddress(text, 'ipv6');
  return (leaf) => typeof leaf === 'string' && isIP(leaf) === 6 && one.check(leaf, 'ipv6');
}
