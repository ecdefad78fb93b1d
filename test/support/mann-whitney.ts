/**
 * The two-sided Mann–Whitney U test (1947), exact also with ties: of all ways to divide the pooled values into two samples of these
 * sizes, the share whose sum of ranks (mid-ranks where values are equal) lies as far from the middle, or farther.
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): number {
  const all = [...a, ...b].sort((x, y) => x - y);
  // twice the mid-rank: whole numbers
  const rank = (value: number) => all.indexOf(value) + 1 + all.lastIndexOf(value) + 1;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + rank(value), 0);
  const middle = a.length * (all.length + 1);
  const distance = Math.abs(sum(a) - middle);
  // ways[count]: by sum of ranks, in how many ways `count` of the values so far can be chosen
  const ways = Array.from({ length: a.length + 1 }, () => new Map<number, number>());
  ways[0]!.set(0, 1);
  for (const value of all) {
    for (let count = a.length; count > 0; count--) {
      for (const [before, number] of ways[count - 1]!) {
        const at = before + rank(value);
        ways[count]!.set(at, (ways[count]!.get(at) ?? 0) + number);
      }
    }
  }
  let [far, total] = [0, 0];
  for (const [at, number] of ways[a.length]!) {
    total += number;
    if (Math.abs(at - middle) >= distance) far += number;
  }
  return far / total;
}
