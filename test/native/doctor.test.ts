import { afterEach, describe, expect, it } from 'vitest';
import { type DoctorReport, doctor, install } from '../../src/native/index.js';
import { type FakeTools, fakeTools, pythonWhosePip } from './fake-tools.js';

let tools: FakeTools | undefined;
afterEach(() => {
  tools?.remove();
  tools = undefined;
});

const row = ({ rows }: DoctorReport, what: string) => {
  const found = rows.find((row) => row.what === what);
  if (found === undefined) throw new Error(`no row "${what}" among ${rows.map((row) => row.what).join(', ')}`);
  return found;
};

describe('doctor', () => {
  it('finds nothing wrong after an installation, and ends with a product that is right', async () => {
    await install();
    const report = await doctor();
    expect(report.rows.filter((row) => !row.ok)).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.rows.at(-1)).toMatchObject({ what: 'calculating', found: 'exact' });
    expect(row(report, 'devices').found).toMatch(/\d+ CPU cores \(TensorFlow 2\.21\.0\)/);
    for (const { what, wanted, found } of report.rows)
      for (const text of [what, wanted, found]) expect(text).not.toBe('');
  });

  it('says what to do about each thing that is missing, with the places it looked', async () => {
    tools = fakeTools();
    tools.add('python3', 'case "$*" in *pip*) echo "No module named pip" >&2; exit 1 ;; *) echo Python 3.9.1 ;; esac');
    const report = await doctor();
    expect(report.ok).toBe(false);
    expect(row(report, 'python')).toMatchObject({ ok: true, found: expect.stringContaining('Python 3.9.1') });
    expect(row(report, 'pip')).toMatchObject({ ok: false, tried: [{ why: 'No module named pip' }] });
    expect(row(report, 'C++ compiler')).toMatchObject({ ok: false, found: 'none' });
    expect(row(report, 'C++ compiler').tried.map(({ place }) => place)).toEqual(['g++', 'c++', 'clang++']);
    expect(row(report, 'strip')).toMatchObject({ ok: true, found: 'none' });
    for (const what of ['libtensorflow', 'tfjs-node', 'companion addon']) {
      expect(row(report, what)).toMatchObject({ ok: false, todo: expect.stringContaining('native install') });
    }
    expect(report.rows.map(({ what }) => what)).not.toContain('loading');
    for (const { ok, todo } of report.rows) expect(todo === undefined).toBe(ok);
  });

  it('wants no tools for what is installed', async () => {
    await install();
    const path = process.env.PATH;
    process.env.PATH = '/nowhere';
    const report = await doctor().finally(() => {
      process.env.PATH = path;
    });
    expect(row(report, 'python')).toMatchObject({ ok: true, found: 'none' });
    expect(row(report, 'C++ compiler')).toMatchObject({ ok: true, found: 'none' });
    expect(report.ok).toBe(true);
  });

  it('reports a wrong setting, and looks at the rest all the same', async () => {
    tools = fakeTools();
    tools.add('python3', pythonWhosePip('exit 1'));
    process.env.TFJS_TUNER_LIBTENSORFLOW = tools.folder;
    const report = await doctor();
    expect(row(report, 'settings')).toMatchObject({ ok: false, found: expect.stringContaining(tools.folder) });
    expect(row(report, 'pip').ok).toBe(true);
  });

  it('reports a home folder that cannot be made', async () => {
    tools = fakeTools();
    process.env.TFJS_TUNER_HOME = '/proc/nothing/here';
    expect(row(await doctor(), 'home folder')).toMatchObject({ ok: false, todo: expect.any(String) });
  });
});
