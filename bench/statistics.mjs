/** Median, least and largest of a list of numbers; all `NaN` when it is empty. */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = Number.isInteger(middle) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)];
  return { median: median ?? Number.NaN, low: sorted[0] ?? Number.NaN, high: sorted.at(-1) ?? Number.NaN };
}

/** Rows {case, system, metric, unit, values} with median, least and largest in place of their values. */
export function summarise(rows) {
  return rows.map(({ values, ...row }) => ({ ...row, ...spread(values), runs: values.length }));
}

/** Prints rows {case, system, metric, unit, values} as one JSON object a line, or as a table. */
export function printRows(rows, json) {
  printResults(summarise(rows), json);
}

/** The same of rows that are summarised. */
export function printResults(results, json) {
  if (json) {
    for (const result of results) console.log(JSON.stringify(result));
    return;
  }
  const shown = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(4));
  const lines = results.map(({ case: name, metric, unit, median, low, high, runs }) => {
    return [name, metric, `${shown(median)} ${unit}`, `${shown(low)} – ${shown(high)}`, String(runs)];
  });
  const all = [['case', 'metric', 'median', 'range', 'runs'], ...lines];
  const widths = all[0].map((_, column) => Math.max(...all.map((line) => line[column].length)));
  for (const line of all)
    console.log(
      line
        .map((text, column) => text.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
}
