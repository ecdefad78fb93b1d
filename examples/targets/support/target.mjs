/** What a script measured beside its target. The process ends with 1 where one is missed. */

/** @typedef {{ what: string, measured: number, atMost?: number, atLeast?: number, unit?: string }} Target */

/** Four digits, all of a large whole number, or the power of ten of a small one. */
const shown = (value, unit) => {
  const isWhole = Number.isInteger(value) || Math.abs(value) >= 10_000;
  const digits = isWhole ? value.toFixed(0) : value < 1e-3 ? value.toExponential(1) : value.toPrecision(4);
  return unit === undefined ? digits : `${digits} ${unit}`;
};

/** NaN, which is what was not measured, meets nothing. */
const isMet = ({ measured, atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY }) =>
  measured >= atLeast && measured <= atMost;

/** Prints a table of targets and sets the exit code. A target has one of `atMost` and `atLeast`. */
export function judge(targets) {
  const rows = targets.map((target) => {
    const { what, measured, atMost, atLeast, unit } = target;
    const wanted = atMost === undefined ? `at least ${shown(atLeast, unit)}` : `at most ${shown(atMost, unit)}`;
    return [what, shown(measured, unit), wanted, isMet(target) ? 'met' : 'MISSED'];
  });
  const lines = [['', 'measured', 'target', ''], ...rows];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines) {
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
  }
  if (targets.length === 0 || !targets.every(isMet)) process.exitCode = 1;
}
