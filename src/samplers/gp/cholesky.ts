/**
 * Linear algebra of symmetric positive definite matrices, in row-major typed arrays.
 *
 * Own code and not a library's: the fit calls it some fifty times a proposal, and it has to need about a millisecond at 100 × 100.
 * Every inner loop is a dot product of two contiguous rows.
 *
 * | symbol | meaning | shape |
 * | --- | --- | --- |
 * | A | symmetric positive definite | [n, n] |
 * | L | lower triangular, A = L Lᵀ; what is above the diagonal is 0 | [n, n] |
 * | U | upper triangular, Uᵀ = L⁻¹, so A⁻¹ = U Uᵀ | [n, n] |
 */

/**
 * L of A, which is overwritten by it.
 *
 * @returns whether A is positive definite; if not, `a` is left half done
 */
export function cholesky(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    const rowI = i * n;
    for (let j = 0; j < i; j++) {
      a[rowI + j] = (a[rowI + j]! - dot(a, rowI, a, j * n, j)) / a[j * n + j]!;
    }
    const pivot = a[rowI + i]! - dot(a, rowI, a, rowI, i);
    if (!(pivot > 0)) return false;
    a[rowI + i] = Math.sqrt(pivot);
    a.fill(0, rowI + i + 1, rowI + n);
  }
  return true;
}

/** Sum of a[fromA + k] × b[fromB + k] for k from 0, below `count`. */
export function dot(a: Float64Array, fromA: number, b: Float64Array, fromB: number, count: number): number {
  // four sums, so that one addition need not wait for another
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const even = count - (count % 4);
  for (let k = 0; k < even; k += 4) {
    s0 += a[fromA + k]! * b[fromB + k]!;
    s1 += a[fromA + k + 1]! * b[fromB + k + 1]!;
    s2 += a[fromA + k + 2]! * b[fromB + k + 2]!;
    s3 += a[fromA + k + 3]! * b[fromB + k + 3]!;
  }
  for (let k = even; k < count; k++) s0 += a[fromA + k]! * b[fromB + k]!;
  return s0 + s1 + (s2 + s3);
}

/** x of L x = b, into `b`. */
export function solveLower(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) b[i] = (b[i]! - dot(l, i * n, b, 0, i)) / l[i * n + i]!;
}

/** x of Lᵀ x = b, into `b`. */
export function solveUpper(l: Float64Array, n: number, b: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    const x = b[i]! / l[i * n + i]!;
    b[i] = x;
    for (let k = 0; k < i; k++) b[k]! -= l[i * n + k]! * x;
  }
}

/** U of L: the transpose of its inverse. */
export function inverseTransposed(
  l: Float64Array,
  n: number,
  out: Float64Array = new Float64Array(n * n),
): Float64Array {
  for (let j = 0; j < n; j++) {
    const rowJ = j * n;
    out.fill(0, rowJ, rowJ + j);
    out[rowJ + j] = 1 / l[rowJ + j]!;
    for (let i = j + 1; i < n; i++) {
      out[rowJ + i] = -dot(l, i * n + j, out, rowJ + j, i - j) / l[i * n + i]!;
    }
  }
  return out;
}

/** The element (i, j) of A⁻¹ = U Uᵀ. */
export function inverseElement(u: Float64Array, n: number, i: number, j: number): number {
  const from = Math.max(i, j);
  return dot(u, i * n + from, u, j * n + from, n - from);
}

/** log det A = 2 Σ log Lᵢᵢ. */
export function logDeterminant(l: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(l[i * n + i]!);
  return 2 * sum;
}
