import { readSync } from 'node:fs';
import { type PageHeader, readPageHeader } from './page-header.js';
import { ThriftCutOff } from './thrift.js';

/** Bytes that are read from the file at a time, at least. */
const windowBytes = 1 << 20;

/** Bytes that a header is looked for in at first; statistics can make it longer. */
const headerBytes = 1 << 10;

/** Windows that are not in use: a new one for each of thousands of chunks would be garbage of the size of the file. */
const windows: Uint8Array[] = [];

/** A page as it lies in the file. */
export interface RawPage {
  readonly header: PageHeader;
  /** Still compressed. Valid until the next page is read. */
  readonly bytes: Uint8Array;
}

/** Reads the pages of column chunks one after another, through a window of the file. To be closed. */
export class PageSource {
  #window = windows.pop() ?? new Uint8Array(windowBytes);
  #from = 0;
  #to = 0;
  #position = 0;
  #end = 0;

  /** @param file descriptor */
  constructor(private readonly file: number) {}

  /**
   * Goes to a chunk.
   *
   * @param start of the chunk in the file
   * @param end of the chunk, not included
   */
  open(start: number, end: number): void {
    this.#position = start;
    this.#end = end;
    this.#from = 0;
    this.#to = 0;
  }

  /** Nothing that it gave is used any more. */
  close(): void {
    if (this.#window.length === windowBytes) windows.push(this.#window);
  }

  /** `undefined` at the end of the chunk. */
  next(): RawPage | undefined {
    if (this.#left === 0) return undefined;
    const header = this.#header();
    if (header.compressedBytes > this.#left) throw new Error('a page goes on after the end of its column');
    const bytes = this.#look(header.compressedBytes);
    this.#from += header.compressedBytes;
    return { header, bytes };
  }

  get #left(): number {
    return this.#end - this.#position + this.#to - this.#from;
  }

  #header(): PageHeader {
    for (let length = headerBytes; ; length *= 4) {
      const bytes = this.#look(Math.min(length, this.#left));
      try {
        const { header, end } = readPageHeader(bytes, 0);
        this.#from += end;
        return header;
      } catch (error) {
        if (!(error instanceof ThriftCutOff) || length >= this.#left) throw error;
      }
    }
  }

  /** The next `count` bytes, which stay to be read. */
  #look(count: number): Uint8Array {
    if (this.#to - this.#from < count) this.#fill(count);
    return this.#window.subarray(this.#from, this.#from + count);
  }

  #fill(count: number): void {
    const rest = this.#window.subarray(this.#from, this.#to);
    const length = Math.max(count, windowBytes);
    if (length > this.#window.length) {
      const larger = new Uint8Array(length);
      larger.set(rest);
      this.#window = larger;
    } else this.#window.copyWithin(0, this.#from, this.#to);
    this.#from = 0;
    this.#to = rest.length;
    while (this.#to < count) {
      const wanted = Math.min(this.#window.length - this.#to, this.#end - this.#position);
      const read = readSync(this.file, this.#window, this.#to, wanted, this.#position);
      if (read === 0) throw new Error(`it ends at byte ${this.#position}`);
      this.#to += read;
      this.#position += read;
    }
  }
}
