import { defineErrors } from '../errors/index.js';

export const errors = defineErrors({
  ENGINE_WORKER_LOST: {
    kind: 'study',
    message: ({ what, message }: { what: string; message: string }) =>
      `a worker thread must live until its task is done, but the one that ${what} ended: ${message}`,
    todo: 'nothing, if it was run again; if it keeps happening, look for process.exit and for memory limits',
  },
  ENGINE_CLOSED: {
    kind: 'study',
    message: () => 'an engine runs tasks until it is closed; this one is closed',
    todo: 'start another engine',
  },
  ENGINE_OBJECTIVE_LOST: {
    kind: 'input',
    message: ({ path, message }: { path: string; message: string }) =>
      `the module ${path} must load without ending its thread: ${message}`,
    todo: 'take process.exit out of what runs when it is loaded',
  },
});
