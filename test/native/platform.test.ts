import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAtLeast, oldestNode, requireSupported, thisMachine } from '../../src/native/platform.js';

const version = fc.array(fc.nat(200), { minLength: 1, maxLength: 4 });

describe('isAtLeast', () => {
  it('orders as numbers do, part by part', () => {
    expect(isAtLeast('20.19.0', '20.19.0')).toBe(true);
    expect(isAtLeast('20.9.0', '20.19.0')).toBe(false);
    expect(isAtLeast('2.4', '2.27')).toBe(false);
    expect(isAtLeast('3', '2.27')).toBe(true);
    expect(isAtLeast('20.19', '20.19.0')).toBe(true);
  });

  it('is a total order', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        const [left, right] = [a.join('.'), b.join('.')];
        expect(isAtLeast(left, right) || isAtLeast(right, left)).toBe(true);
        const wanted = [0, 1, 2, 3].map((i) => (a[i] ?? 0) - (b[i] ?? 0)).find((d) => d !== 0) ?? 0;
        expect(isAtLeast(left, right)).toBe(wanted >= 0);
      }),
    );
  });
});

describe('requireSupported', () => {
  const good = { platform: 'linux', arch: 'x64', node: oldestNode, glibc: '2.27' };

  it('accepts the oldest of all that is promised', () => requireSupported(good, false));

  it.each([
    ['NATIVE_NODE_TOO_OLD', { node: '20.18.9' }, '20.18.9'],
    ['NATIVE_UNSUPPORTED_PLATFORM', { platform: 'darwin', arch: 'arm64' }, 'darwin arm64'],
    ['NATIVE_UNSUPPORTED_PLATFORM', { arch: 'arm64' }, 'linux arm64'],
    ['NATIVE_UNSUPPORTED_LIBC', { glibc: '2.17' }, 'glibc 2.17'],
    ['NATIVE_UNSUPPORTED_LIBC', { glibc: undefined }, 'musl'],
  ])('%s for %j', (code, difference, words) => {
    const check = () => requireSupported({ ...good, ...difference }, false);
    expect(check).toThrow(expect.objectContaining({ code, message: expect.stringContaining(words) }));
  });

  it('leaves architecture and C library to whoever brings a library', () => {
    requireSupported({ ...good, arch: 'arm64', glibc: undefined }, true);
    expect(() => requireSupported({ ...good, platform: 'darwin' }, true)).toThrow(/darwin/);
  });

  it('names the oldest Node that package.json names', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
    expect(isAtLeast(oldestNode, engines.node.replace('>=', ''))).toBe(true);
    expect(isAtLeast(engines.node.replace('>=', ''), oldestNode)).toBe(true);
  });

  it('knows this machine', () => {
    expect(thisMachine()).toMatchObject({
      platform: process.platform,
      arch: process.arch,
      node: process.versions.node,
    });
  });
});
