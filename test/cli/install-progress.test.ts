import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openInstallView } from '../../src/cli/install-progress.js';
import type { InstallEvent } from '../../src/native/index.js';
import { FakeStream } from './support.js';

const events: readonly InstallEvent[] = [
  { part: 'install', phase: 'wait', holder: 'process 12\u001b[2J' },
  { part: 'libtensorflow', phase: 'download', fraction: 0, bytes: 0, totalBytes: 274_000_000 },
  { part: 'libtensorflow', phase: 'download', fraction: 0.5, bytes: 137_000_000, totalBytes: 274_000_000 },
  { part: 'tfjs-node', phase: 'compile' },
  { part: 'libtensorflow', phase: 'unpack', fraction: 0.25 },
  { part: 'libtensorflow', phase: 'done', fraction: 1 },
];

describe('an installation', () => {
  it('is told line by line where there is no terminal, each thing once', async () => {
    const stderr = new FakeStream();
    const view = await openInstallView({ stderr } as never);
    for (const event of events) view.onProgress(event);
    view.close();
    expect(stderr.lines).toEqual([
      'install: waiting for process 12',
      'libtensorflow: download',
      'tfjs-node: compile',
      'libtensorflow: unpack',
      'libtensorflow: done',
    ]);
  });

  it('is shown as bars on a terminal, and the cursor comes back', async () => {
    const stderr = Object.assign(new FakeStream(100), {
      cursorTo: () => true,
      moveCursor: () => true,
      clearLine: () => true,
      clearScreenDown: () => true,
    });
    const view = await openInstallView({ stderr } as never);
    for (const event of events.slice(1, 4)) {
      view.onProgress(event);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    view.close();
    view.close();
    const text = stripVTControlCharacters(stderr.text);
    expect(text).toMatch(/libtensorflow ━{12}─{12} 50% download 137 MB of 274 MB/);
    expect(text).toMatch(/tfjs-node +─{24} 0% compile/);
    expect(stderr.text.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stderr.text.lastIndexOf('\u001b[?25l'));
  });
});
