/** Replaces a method of a class of tfjs, found through an instance, for all instances in this thread. */
export function patchMethod<M extends (this: never, ...args: never[]) => unknown>(
  instance: object,
  name: string,
  make: (original: M) => M,
): void {
  let prototype = Object.getPrototypeOf(instance) as object;
  while (!Object.hasOwn(prototype, name)) prototype = Object.getPrototypeOf(prototype) as object;
  const methods = prototype as Record<string, M>;
  methods[name] = make(methods[name]!);
}
