import { foldIn, normal, seedKey, uniform } from '../../random/index.js';
import { NumberColumnBuilder, type RawTable, TextColumnBuilder } from '../raw-table.js';

export interface SpiralOptions {
  /** Rows, divided evenly among the arms. */
  readonly rows: number;
  readonly seed: number;
}

const arms = ['a', 'b', 'c'];
/** How far an arm winds from its inner to its outer end. */
const turns = 0.8;
/** Standard deviation of a point's angle about its arm, in radians. */
const angularNoise = 0.42;
const innerRadius = 0.15;
const distractors = 4;

/**
 * Values are rounded to this fraction, far below the noise, since the last bits of sines, cosines and logarithms differ
 * between JavaScript engines and the data must not.
 */
const grid = 2 ** -12;

/**
 * Three arms of a spiral in the plane (`x`, `y`), wound about each other, with four features of pure noise beside them
 * (`noise 1` …), and the arm as target (`arm`). No line separates the arms. After K. Lang and M. Witbrock, "Learning to tell
 * two spirals apart", Proc. Connectionist Models Summer School, 1988, with a third arm and noise. A pure function of its
 * options.
 */
export function generateSpirals({ rows, seed }: SpiralOptions): RawTable {
  const names = ['x', 'y', ...Array.from({ length: distractors }, (_, i) => `noise ${i + 1}`)];
  const features = names.map((name) => new NumberColumnBuilder(name, rows));
  const target = new TextColumnBuilder('arm', rows);
  for (let row = 0; row < rows; row++) {
    const arm = row % arms.length;
    const values = spiralPoint(seed, row, arm);
    for (const [i, feature] of features.entries()) feature.push(Math.round(values[i]! / grid) * grid);
    target.push(arms[arm]!);
  }
  const columns = [...features.map((feature) => feature.finish()), target.finish()];
  return { path: 'spirals', rowCount: rows, columns };
}

function spiralPoint(seed: number, row: number, arm: number): number[] {
  const key = foldIn(seedKey(seed), 'spirals', row);
  const along = uniform(foldIn(key, 'along'));
  const radius = innerRadius + (1 - innerRadius) * along;
  const angle = 2 * Math.PI * (arm / arms.length + turns * along) + angularNoise * normal(foldIn(key, 'angle'));
  const noise = Array.from({ length: distractors }, (_, i) => normal(foldIn(key, 'noise', i)));
  return [radius * Math.cos(angle), radius * Math.sin(angle), ...noise];
}
