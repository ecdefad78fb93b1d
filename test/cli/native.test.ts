import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cli } from './support.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tfjs tuner home '));
  vi.stubEnv('TFJS_TUNER_HOME', home);
  vi.stubEnv('TFJS_TUNER_LIBTENSORFLOW', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

describe('the native commands on a machine without the library', () => {
  it('path says that it is missing, with the exit code of a lacking machine', async () => {
    const { code, stdout, stderr } = await cli(['native', 'path']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(`error CLI_NATIVE_MISSING: the native library must be installed, and ${home} does not`);
    expect(stderr).toContain('→ run "tfjs-tuner native install"');
  });

  it('doctor says row by row what is there and what is not', async () => {
    const { code, stdout } = await cli(['native', 'doctor']);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^✓ +node +20\.19\.0 or newer +\d/m);
    expect(stdout).toMatch(/^✗ +libtensorflow /m);
    expect(stdout).toMatch(/^ {2}→ .*native install/im);
    const json = JSON.parse((await cli(['native', 'doctor', '--json'])).stdout);
    expect(json).toMatchObject({ type: 'doctor', ok: false });
  });
});
