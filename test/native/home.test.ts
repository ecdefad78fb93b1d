import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { homeDirectory } from '../../src/native/index.js';

const names = ['TFJS_TUNER_HOME', 'XDG_CACHE_HOME'];
const before = names.map((name) => process.env[name]);
beforeEach(() => {
  for (const name of names) delete process.env[name];
});
afterEach(() => {
  for (const [i, name] of names.entries()) {
    if (before[i] === undefined) delete process.env[name];
    else process.env[name] = before[i];
  }
});

describe('homeDirectory', () => {
  it('is what TFJS_TUNER_HOME says, made absolute', () => {
    process.env.XDG_CACHE_HOME = '/cache';
    process.env.TFJS_TUNER_HOME = '/some where/else';
    expect(homeDirectory()).toBe('/some where/else');
    process.env.TFJS_TUNER_HOME = 'below';
    expect(homeDirectory()).toBe(resolve('below'));
  });

  it('is in the user’s cache folder otherwise; empty and relative settings do not count', () => {
    process.env.TFJS_TUNER_HOME = '';
    process.env.XDG_CACHE_HOME = '/cache';
    expect(homeDirectory()).toBe('/cache/tfjs-tuner');
    for (const cache of ['', 'relative']) {
      process.env.XDG_CACHE_HOME = cache;
      const folder = process.platform === 'darwin' ? 'Library/Caches' : '.cache';
      expect(homeDirectory()).toBe(join(homedir(), folder, 'tfjs-tuner'));
    }
  });
});
