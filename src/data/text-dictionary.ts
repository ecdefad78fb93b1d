/** Entries of one map: JavaScript's hold 2^24 at most. */
const mapLimit = 2 ** 24 - 1;

/** Distinct texts, each with a code, in order of appearance. */
export class TextDictionary {
  readonly #codeOf: Map<string, number>[] = [new Map()];
  readonly texts: string[] = [];

  /** The code of a text; a new one gets the next. */
  codeOf(text: string): number {
    for (const codes of this.#codeOf) {
      const known = codes.get(text);
      if (known !== undefined) return known;
    }
    if (this.#codeOf.at(-1)!.size === mapLimit) this.#codeOf.push(new Map());
    const code = this.texts.push(text) - 1;
    this.#codeOf.at(-1)!.set(text, code);
    return code;
  }
}
