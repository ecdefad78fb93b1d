/** Unlocked; locked; locked and waited for. */
const [free, held, contended] = [0, 1, 2];

/**
 * Runs `use` while no other thread holds the lock, which is one field of a shared array. The mutex of Drepper 2011, "Futexes are
 * tricky", section 6 (https://www.akkadia.org/drepper/futex.pdf). Not reentrant; `use` must be short and run none of a user's code,
 * since a thread that ends within it would leave it locked.
 */
export function withLock<T>(fields: Int32Array, field: number, use: () => T): T {
  lock(fields, field);
  try {
    return use();
  } finally {
    if (Atomics.exchange(fields, field, free) === contended) Atomics.notify(fields, field, 1);
  }
}

function lock(fields: Int32Array, field: number): void {
  if (Atomics.compareExchange(fields, field, free, held) === free) return;
  while (Atomics.exchange(fields, field, contended) !== free) Atomics.wait(fields, field, contended);
}
