/** FNV-1a, 32 bits (RFC 9923), and a second lane with another offset and prime beside it. */
const OFFSET_A = 0x811c9dc5;
const PRIME_A = 0x01000193;
const OFFSET_B = 0x6c62272e;
const PRIME_B = 0x010001a7;
/** Between two texts, so that "1" and "23" is not "12" and "3". */
const SEPARATOR = 0x1f;

/**
 * A hash of 64 bits in two lanes over texts, made without an allocation: a pass hashes millions of entries. It finds
 * what differs by accident; whoever wants to deceive the ledger is found by comparing it elsewhere.
 */
export class ContentHash {
  #a = OFFSET_A;
  #b = OFFSET_B;
  #prefixA = OFFSET_A;
  #prefixB = OFFSET_B;

  /** Begins with a text that many have in common; `again` goes back to after it. */
  begin(text: string): this {
    this.#a = OFFSET_A;
    this.#b = OFFSET_B;
    this.add(text);
    this.#prefixA = this.#a;
    this.#prefixB = this.#b;
    return this;
  }

  again(): this {
    this.#a = this.#prefixA;
    this.#b = this.#prefixB;
    return this;
  }

  add(text: string): this {
    let a = this.#a;
    let b = this.#b;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      a = Math.imul(a ^ code, PRIME_A);
      b = Math.imul(b ^ code, PRIME_B);
    }
    this.#a = Math.imul(a ^ SEPARATOR, PRIME_A);
    this.#b = Math.imul(b ^ SEPARATOR, PRIME_B);
    return this;
  }

  /** The lanes as unsigned numbers of 32 bits. */
  get high(): number {
    return mixed(this.#a);
  }

  get low(): number {
    return mixed(this.#b);
  }
}

/** The finalizer of MurmurHash3: every bit of the input changes half of the output. */
function mixed(lane: number): number {
  let bits = lane ^ (lane >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
