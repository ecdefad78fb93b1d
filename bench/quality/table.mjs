/** Rows as text: columns for a terminal, Markdown for README.md. */

export const level = 0.05;

function shown(value) {
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 1e4 || size < 1e-3 ? value.toExponential(2) : value.toPrecision(4);
}
const probability = (p) => (p === undefined ? '' : p < 0.001 ? '< 0.001' : p.toFixed(3));

function verdict({ worse, better, against }) {
  if (worse === undefined) return '';
  if (worse < level) return 'worse';
  if (better < level) return 'better';
  return against === undefined ? 'no worse' : 'no different';
}

/** A part's rows, and a head. */
export function lines(rows) {
  const cells = rows.map((row) => [
    row.case,
    row.system,
    shown(row.median),
    `${shown(row.low)} – ${shown(row.high)}`,
    String(row.seeds),
    probability(row.worse),
    probability(row.better),
    verdict(row),
  ]);
  const against = rows[0]?.against;
  const compared =
    against === undefined
      ? ['p, ours is worse', 'p, ours is better', 'ours is']
      : [`p, worse than ${against}`, 'p, better', 'is'];
  return [['', 'system', 'median', '95 % interval', 'seeds', ...compared], ...cells];
}
