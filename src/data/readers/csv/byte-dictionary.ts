/** Distinct texts by their bytes, each with a code, in order of appearance: no string is made of a cell. */
export class ByteDictionary {
  #slots = new Int32Array(64).fill(-1);
  #hashes = new Int32Array(32);
  /** Where each text starts in `#arena`; one more than there are texts. */
  #offsets = new Uint32Array(33);
  #arena = new Uint8Array(512);
  #count = 0;

  /** What it takes, in bytes. */
  get bytes(): number {
    return this.#arena.length + 4 * (this.#slots.length + this.#hashes.length + this.#offsets.length);
  }

  /** Texts that it keeps so far. */
  get size(): number {
    return this.#count;
  }

  /** The code of the text that lies in `bytes` from `start` to `end` (not included); a new one gets the next. */
  codeOf(bytes: Uint8Array, start: number, end: number): number {
    // FNV-1a
    let hash = 0x811c9dc5 | 0;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const code = this.#slots[slot]!;
      if (code === -1) return this.#add(bytes, start, end, hash, slot);
      if (this.#hashes[code] === hash && this.#isEqual(code, bytes, start, end)) return code;
      slot = (slot + 1) & mask;
    }
  }

  /** All texts, by code. */
  texts(): string[] {
    const arena = Buffer.from(this.#arena.buffer, this.#arena.byteOffset, this.#arena.length);
    return Array.from({ length: this.#count }, (_, code) =>
      arena.toString('utf8', this.#offsets[code]!, this.#offsets[code + 1]!),
    );
  }

  #isEqual(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const arena = this.#arena;
    const from = this.#offsets[code]!;
    const length = end - start;
    if (this.#offsets[code + 1]! - from !== length) return false;
    for (let i = 0; i < length; i++) if (arena[from + i] !== bytes[start + i]) return false;
    return true;
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const code = this.#count++;
    if (code === this.#hashes.length) {
      this.#hashes = grown(this.#hashes, new Int32Array(code * 2));
      this.#offsets = grown(this.#offsets, new Uint32Array(code * 2 + 1));
    }
    const from = this.#offsets[code]!;
    const to = from + end - start;
    if (to > this.#arena.length) this.#arena = grown(this.#arena, new Uint8Array(to * 2));
    this.#arena.set(bytes.subarray(start, end), from);
    this.#offsets[code + 1] = to;
    this.#hashes[code] = hash;
    this.#slots[slot] = code;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return code;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let code = 0; code < this.#count; code++) {
      let slot = this.#hashes[code]! & mask;
      while (slots[slot] !== -1) slot = (slot + 1) & mask;
      slots[slot] = code;
    }
    this.#slots = slots;
  }
}

function grown<A extends Int32Array | Uint32Array | Uint8Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
