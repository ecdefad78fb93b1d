/**
 * Memory of states that are read no more, for new ones of the same size. Shared memory is freed when every thread's garbage
 * collector has let go of it, which a study of large states would wait for too long.
 */
export class FreeStates {
  readonly #bySize = new Map<number, Uint8Array[]>();

  give(state: Uint8Array): void {
    const list = this.#bySize.get(state.byteLength) ?? [];
    list.push(state);
    this.#bySize.set(state.byteLength, list);
  }

  take(byteLength: number): Uint8Array | null {
    return this.#bySize.get(byteLength)?.pop() ?? null;
  }
}
