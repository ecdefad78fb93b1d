import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it, vi } from 'vitest';

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The example as one script, on the sources as they are. */
async function script(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path('examples/two-parameters.js')],
    alias: { 'tfjs-tuner/study': path('src/study/public.ts') },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    target: 'es2023',
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

describe('the example of two parameters', () => {
  it('finds both within a second', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const module = `data:text/javascript,${encodeURIComponent(await script())}`;
    const from = performance.now();
    await import(module);
    expect(performance.now() - from).toBeLessThan(1000);
    const lines = log.mock.calls;
    log.mockRestore();
    const [, a, b] = /A = (\S+), B = (\S+)$/.exec(String(lines[0]![0]))!;
    expect(Math.abs(Number(a) - 1.5)).toBeLessThan(0.2);
    expect(Math.abs(Number(b) + 3)).toBeLessThan(0.6);
    expect(lines.at(-1)![1]).toMatchObject({ A: expect.any(Number), B: expect.any(Number) });
  });
});
