import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const door = fileURLToPath(new URL('../../src/study/public.ts', import.meta.url));

/** All of the door, in one script, as a browser gets it. */
async function bundle() {
  const { outputFiles, metafile, warnings } = await build({
    entryPoints: [door],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'tuner',
    target: 'es2023',
    logLevel: 'silent',
  });
  return { text: outputFiles[0]!.text, inputs: Object.keys(metafile.inputs), warnings };
}

describe('the door of tfjs-tuner/study', () => {
  it('tunes in a browser: without Node, TensorFlow, files and clocks', async () => {
    const { text, warnings } = await bundle();
    expect(warnings).toEqual([]);
    // a browser has this one of what Node adds to JavaScript, and the study needs no other
    const context = createContext({ TextEncoder });
    expect(runInContext('typeof process + typeof require + typeof Buffer', context)).toBe('undefined'.repeat(3));
    runInContext(text, context);
    const best = await runInContext(
      `(async () => {
        const study = tuner.createStudy({ space: { x: { float: [-10, 10] } }, seed: 1 });
        await study.optimize((trial) => (trial.hyperparameters.x - 2) ** 2, { trials: 60 });
        const again = tuner.restoreStudy(study.journal, { verify: true });
        return { value: study.best.value, same: again.best.value === study.best.value, importance: study.importance() };
      })()`,
      context,
    );
    expect(best.value).toBeLessThan(0.1);
    expect(best.same).toBe(true);
    expect(best.importance.x).toBe(1);
  });

  it('draws on the pure rooms only', async () => {
    const { inputs } = await bundle();
    const named = (pattern: RegExp) => [...new Set(inputs.flatMap((path) => pattern.exec(path)?.[1] ?? []))].sort();
    expect(named(/(?:^|\/)src\/(\w+)\//)).toEqual(['errors', 'random', 'samplers', 'schedulers', 'space', 'study']);
    expect(named(/node_modules\/([\w-]+)/)).toEqual(['fastest-levenshtein', 'jsep']);
  });

  it('reads no clock and draws nothing of its own', async () => {
    const { text } = await bundle();
    // documentation of an option may name one
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    const impure = ['Math.random', 'Date.now', 'new Date', 'performance.', 'setTimeout', '"node:'];
    expect(impure.filter((one) => code.includes(one))).toEqual([]);
  });
});
