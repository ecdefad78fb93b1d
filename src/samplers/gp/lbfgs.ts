/**
 * L-BFGS with bounds: limited-memory BFGS (Nocedal 1980, https://doi.org/10.1090/S0025-5718-1980-0572855-7) on the variables
 * that are free, with steps projected onto the box (Bertsekas 1982, https://doi.org/10.1137/0320018).
 *
 * Simpler than L-BFGS-B (Byrd et al. 1995): no Cauchy point, and a backtracking line search by Armijo's condition, since values
 * and gradients are always computed together here.
 */

/** The value at `x`; writes its gradient into `gradient`. A value that is NaN or infinite is a step too far. */
export type Differentiable = (x: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  /** Bounds of each variable, both included; may be infinite. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Evaluations at most, line searches included; at least 1. */
  readonly maxEvaluations: number;
  /** Ends where no component of the projected gradient is larger. */
  readonly gradientTolerance: number;
  /** Ends where a step lowers the value by less than this times (1 + its size). */
  readonly valueTolerance: number;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly evaluations: number;
}

/** Pairs of steps and gradient changes that are remembered. */
const memory = 10;
const armijo = 1e-4;
const backtracksAtMost = 15;

interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

/** A local minimum from `start`, which is moved into the bounds. Where the value at `start` is not finite, it is returned as it is. */
export function minimise(f: Differentiable, start: Float64Array, options: LbfgsOptions): Minimum {
  const { lower, upper, maxEvaluations, gradientTolerance, valueTolerance } = options;
  let x = clipped(start, lower, upper);
  let gradient = new Float64Array(x.length);
  let value = f(x, gradient);
  let evaluations = 1;
  let pairs: Pair[] = [];
  while (Number.isFinite(value) && evaluations < maxEvaluations) {
    const free = gradient.map((g, i) => (isHeld(x[i]!, g, lower[i]!, upper[i]!) ? 0 : 1));
    if (gradient.every((g, i) => Math.abs(g * free[i]!) <= gradientTolerance)) break;
    const line = { f, x, value, gradient, lower, upper, evaluationsLeft: maxEvaluations - evaluations };
    let moved = search(line, direction(gradient, free, pairs), pairs.length === 0);
    if (moved.next === undefined && pairs.length > 0) {
      // the model of the curvature misled: forget it, go down the gradient
      evaluations += moved.evaluations;
      pairs = [];
      line.evaluationsLeft = maxEvaluations - evaluations;
      moved = search(line, direction(gradient, free, pairs), true);
    }
    evaluations += moved.evaluations;
    if (moved.next === undefined) break;
    const decrease = value - moved.next.value;
    pairs = remember(pairs, x, gradient, moved.next.x, moved.next.gradient);
    ({ x, value, gradient } = moved.next);
    if (decrease <= valueTolerance * (1 + Math.abs(value))) break;
  }
  return { x, value, evaluations };
}

function clipped(x: Float64Array, lower: Float64Array, upper: Float64Array): Float64Array<ArrayBuffer> {
  return Float64Array.from(x, (value, i) => Math.min(upper[i]!, Math.max(lower[i]!, value)));
}

/** Whether going down the gradient would leave the box. */
function isHeld(x: number, gradient: number, lower: number, upper: number): boolean {
  return (x <= lower && gradient > 0) || (x >= upper && gradient < 0);
}

/** The two-loop recursion, on the free variables. */
function direction(gradient: Float64Array, free: Float64Array, pairs: readonly Pair[]): Float64Array {
  const q = gradient.map((g, i) => g * free[i]!);
  const alphas = new Float64Array(pairs.length);
  for (let at = pairs.length - 1; at >= 0; at--) {
    const { s, y, rho } = pairs[at]!;
    alphas[at] = rho * inner(s, q);
    for (let i = 0; i < q.length; i++) q[i]! -= alphas[at]! * y[i]!;
  }
  const newest = pairs.at(-1);
  const scale = newest === undefined ? 1 : 1 / (newest.rho * inner(newest.y, newest.y));
  for (let i = 0; i < q.length; i++) q[i]! *= scale;
  for (const [at, { s, y, rho }] of pairs.entries()) {
    const beta = rho * inner(y, q);
    for (let i = 0; i < q.length; i++) q[i]! += (alphas[at]! - beta) * s[i]!;
  }
  const down = q.map((value, i) => -value * free[i]!);
  return inner(down, gradient) < 0 ? down : gradient.map((g, i) => -g * free[i]!);
}

interface Line {
  readonly f: Differentiable;
  readonly x: Float64Array<ArrayBuffer>;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  evaluationsLeft: number;
}

interface Point {
  readonly x: Float64Array<ArrayBuffer>;
  readonly value: number;
  readonly gradient: Float64Array<ArrayBuffer>;
}

/** Backtracks along the projected path until the value falls enough; the first step, of unknown scale, has length 1 at most. */
function search(line: Line, along: Float64Array, first: boolean): { next: Point | undefined; evaluations: number } {
  const { f, x, value, gradient, lower, upper, evaluationsLeft } = line;
  let t = first ? Math.min(1, 1 / Math.sqrt(inner(along, along))) : 1;
  let evaluations = 0;
  while (evaluations < Math.min(evaluationsLeft, backtracksAtMost)) {
    const tried = clipped(
      x.map((start, i) => start + t * along[i]!),
      lower,
      upper,
    );
    const slope = tried.reduce((sum, end, i) => sum + (end - x[i]!) * gradient[i]!, 0);
    if (slope === 0) break;
    const there = new Float64Array(x.length);
    const found = f(tried, there);
    evaluations++;
    if (found <= value + armijo * slope) return { next: { x: tried, value: found, gradient: there }, evaluations };
    // the minimum of the parabola through value, slope and what was found; never less than a tenth
    const parabola = -slope / (2 * (found - value - slope));
    t *= Number.isFinite(found) ? Math.min(0.5, Math.max(0.1, parabola)) : 0.1;
  }
  return { next: undefined, evaluations };
}

function remember(pairs: Pair[], x: Float64Array, g: Float64Array, nextX: Float64Array, nextG: Float64Array): Pair[] {
  const s = nextX.map((value, i) => value - x[i]!);
  const y = nextG.map((value, i) => value - g[i]!);
  const curvature = inner(s, y);
  // without positive curvature the pair would spoil the model
  if (!(curvature > 1e-10 * inner(y, y))) return pairs;
  return [...pairs.slice(1 - memory), { s, y, rho: 1 / curvature }];
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
