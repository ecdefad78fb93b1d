/** Schedulers decide, at the end of each segment, which trials go on and which copy others. */
export { noScheduler } from './none.js';
export { pbt } from './pbt.js';
export { type PbtOptions, parsePbtOptions } from './pbt-options.js';
export type { Change, Decision, MemberReport, Scheduler } from './scheduler.js';
