/**
 * A list that grows at its end and never changes: each longer one is a new list that knows the one before it. Appending takes the same
 * time however long it is, where copying an array for each of a study's results makes more garbage than all else that it does.
 */
export class GrowingList<T> {
  static readonly #nothing = new GrowingList<never>(null, undefined, 0);

  #before: GrowingList<T> | null;
  readonly #last: T | undefined;
  /** Once somebody has asked for them. */
  #items: readonly T[] | undefined;

  private constructor(
    before: GrowingList<T> | null,
    last: T | undefined,
    readonly length: number,
  ) {
    this.#before = before;
    this.#last = last;
  }

  static empty<T>(): GrowingList<T> {
    return GrowingList.#nothing;
  }

  with(item: T): GrowingList<T> {
    return new GrowingList(this, item, this.length + 1);
  }

  /** All of them, oldest first. Put together when first asked for, from the longest list before that was asked. */
  get items(): readonly T[] {
    if (this.#items !== undefined) return this.#items;
    const items = new Array<T>(this.length);
    let at: GrowingList<T> = this;
    for (; at.#items === undefined && at.#before !== null; at = at.#before) items[at.length - 1] = at.#last!;
    const known = at.#items ?? [];
    for (let index = 0; index < known.length; index++) items[index] = known[index]!;
    this.#items = items;
    // what came before is in the items, and need not be kept for this list's sake
    this.#before = null;
    return items;
  }
}
