/** Trials, the ask/tell loop, stopping; the journal's records as types. Pure: no files, threads or clocks. */
export type * from './events.js';
export * from './records.js';
export * from './settings.js';
