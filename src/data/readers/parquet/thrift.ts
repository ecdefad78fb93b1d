/**
 * Thrift's compact protocol, as far as Parquet uses it. Everything is bounded by the bytes that are there.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */

/** A struct's fields by their numbers; integers as the nearest double. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;
export type ThriftValue = number | boolean | Uint8Array | ThriftStruct | readonly ThriftValue[];

/** Thrown where the bytes end within a struct. */
export class ThriftCutOff extends Error {
  constructor() {
    super('its headers are cut off');
  }
}

const type = { true: 1, false: 2, byte: 3, i16: 4, i32: 5, i64: 6, double: 7, binary: 8, list: 9, set: 10, struct: 12 };

/** Structs within structs; Parquet has fewer than ten. */
const depthLimit = 32;

/** Longest varint of 64 bits. */
const varintBytes = 10;

/**
 * The struct that starts at `at`, and where it ends.
 *
 * @throws ThriftCutOff if it does not end, Error if it is damaged
 */
export function readThrift(bytes: Uint8Array, at: number): { value: ThriftStruct; end: number } {
  const reader = new ThriftReader(bytes, at);
  const value = reader.struct(0);
  return { value, end: reader.at };
}

class ThriftReader {
  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
  ) {}

  struct(depth: number): ThriftStruct {
    if (depth > depthLimit) throw damaged();
    const fields = new Map<number, ThriftValue>();
    let field = 0;
    for (;;) {
      const head = this.#byte();
      if (head === 0) return fields;
      field = head >> 4 === 0 ? this.#zigzag() : field + (head >> 4);
      fields.set(field, this.#value(head & 15, depth));
    }
  }

  #value(kind: number, depth: number): ThriftValue {
    if (kind === type.true || kind === type.false) return kind === type.true;
    if (kind === type.byte) return (this.#byte() << 24) >> 24;
    if (kind === type.i16 || kind === type.i32 || kind === type.i64) return this.#zigzag();
    if (kind === type.double) return this.#double();
    if (kind === type.binary) return this.#take(this.#varint());
    if (kind === type.list || kind === type.set) return this.#list(depth + 1);
    if (kind === type.struct) return this.struct(depth + 1);
    throw damaged();
  }

  #list(depth: number): ThriftValue[] {
    if (depth > depthLimit) throw damaged();
    const head = this.#byte();
    const count = head >> 4 === 15 ? this.#varint() : head >> 4;
    const kind = head & 15;
    // each takes a byte at least
    if (count > this.bytes.length - this.at) throw new ThriftCutOff();
    const isBoolean = kind === type.true || kind === type.false;
    return Array.from({ length: count }, () => (isBoolean ? this.#byte() === 1 : this.#value(kind, depth)));
  }

  #double(): number {
    const bytes = this.#take(8);
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
  }

  #take(count: number): Uint8Array {
    const end = this.at + count;
    if (end > this.bytes.length) throw new ThriftCutOff();
    const taken = this.bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  #byte(): number {
    if (this.at >= this.bytes.length) throw new ThriftCutOff();
    return this.bytes[this.at++]!;
  }

  /** By doubles: exact up to 2^53, which no size or count exceeds. */
  #varint(): number {
    let value = 0;
    let unit = 1;
    for (let i = 0; i < varintBytes; i++) {
      const byte = this.#byte();
      value += (byte & 127) * unit;
      if (byte < 128) return value;
      unit *= 128;
    }
    throw damaged();
  }

  #zigzag(): number {
    const value = this.#varint();
    const half = Math.floor(value / 2);
    return value % 2 === 0 ? half : -half - 1;
  }
}

function damaged(): Error {
  return new Error('its headers are damaged');
}
