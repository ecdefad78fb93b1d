/** What contract suites are made of. They need no test runner: a check is a name and a function that throws. */

/** One thing that every member of a family must do. */
export interface ContractCheck {
  /** A sentence without its subject, as test runners show it: `proposes the same for the same input`. */
  readonly name: string;
  /** Throws what is wrong: a {@link ContractBroken}, or whatever the checked code throws. Deterministic. */
  run(): void;
}

/** What must hold does not. `message` says what must hold and what was found. */
export class ContractBroken extends Error {
  override readonly name = 'ContractBroken';
}

/** Errors: {@link ContractBroken} unless `holds`. */
export function check(holds: boolean, message: () => string): asserts holds {
  if (!holds) throw new ContractBroken(message());
}

/** Errors: {@link ContractBroken} unless both are the same JSON. */
export function checkSame(what: string, found: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  check(a === b, () => `${what} must be ${b}, not ${a}`);
}

/** `value`, which can no longer be changed, nor anything in it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
