import { describe, expect, it } from 'vitest';
import { userLine } from '../../src/graph/index.js';

const library = '    at run (/home/a b/node_modules/@tensorflow/tfjs-core/dist/x.js:1:2)';

describe('userLine', () => {
  it.each([
    ['a function', '    at step (/home/me/model.ts:12:34)', '/home/me/model.ts:12:34'],
    ['an anonymous one', '    at file:///home/me/model.js:3:9', 'file:///home/me/model.js:3:9'],
    ['an async one', '    at async Object.build (file:///m.mjs:1:1)', 'file:///m.mjs:1:1'],
  ])('skips libraries and finds %s', (_, frame, line) => {
    expect(userLine(['Error: x', library, frame, '    at other (/home/me/b.ts:1:1)'].join('\n'))).toBe(line);
  });

  it('finds nothing in a stack of libraries', () => {
    expect(userLine(`Error: x\n${library}\n    at node:internal/process/task_queues:95:5`)).toBeUndefined();
  });
});
