/** A name as tfjs, Keras or a person writes it, without what they differ in: `mean_squared_error` is `meansquarederror`. */
export function wordOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
