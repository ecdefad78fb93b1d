/**
 * Eigenvalues of symmetric matrices by cyclic Jacobi rotations (Golub and Van Loan 2013, section 8.5.3): the most accurate method for small
 * ones, and it uses nothing but +, -, ×, / and √, so that all machines give the same bits.
 */

export interface Eigen {
  /** Ascending order is not guaranteed. [n] */
  readonly values: Float64Array;
  /** Vectors as columns, row-major: [n, n]. */
  readonly vectors: Float64Array;
}

const sweepsAtMost = 60;

/** @param matrix symmetric, row-major [n, n]; only read */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const a = matrix.slice();
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let sweep = 0; sweep < sweepsAtMost && offDiagonal(a, n) > 0; sweep++) {
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, n, p, q);
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), vectors };
}

/** The sum of squares above the diagonal that still count beside the diagonal. */
function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0;
  for (let p = 0; p < n - 1; p++) {
    for (let q = p + 1; q < n; q++) {
      const element = Math.abs(a[p * n + q]!);
      if (element > 1e-18 * Math.sqrt(Math.abs(a[p * n + p]! * a[q * n + q]!))) sum += element * element;
    }
  }
  return sum;
}

/** Makes the element (p, q) zero. */
function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = Number.isFinite(theta * theta)
    ? (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
    : 1 / (2 * theta);
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) mix(a, k * n + p, k * n + q, c, s);
  for (let k = 0; k < n; k++) mix(a, p * n + k, q * n + k, c, s);
  a[p * n + q] = 0;
  a[q * n + p] = 0;
  for (let k = 0; k < n; k++) mix(vectors, k * n + p, k * n + q, c, s);
}

function mix(a: Float64Array, i: number, j: number, c: number, s: number): void {
  const [x, y] = [a[i]!, a[j]!];
  a[i] = c * x - s * y;
  a[j] = s * x + c * y;
}
