import { install } from '../../src/native/index.js';

/** Once before all tests: the native library, from the cache where it is there already. */
export default async function setup(): Promise<void> {
  await install();
}
