// node examples/targets/import-speed.mjs [RUNS]      RUNS is 3
// Reading CSV and Parquet beside DuckDB and pyarrow, by bench/import.mjs, which installs them into .cache on first use.
// CSV: at least 200 MB a second, or at most 1.5 times as long as DuckDB. Parquet: at most twice as long as pyarrow.
import { output } from './support/run.mjs';
import { judge } from './support/target.mjs';

const text = await output(process.execPath, ['bench/import.mjs', '--runs', process.argv[2] ?? '3', '--json']);
const rows = text
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

/** Seconds of wall clock, by system. */
function seconds(file, system) {
  const row = rows.find(({ case: name, metric }) => name.startsWith(file) && metric === `wall, ${system}`);
  return row?.median ?? Number.NaN;
}

const megabytes = (file) => Number(/ (\d+) MB$/.exec(rows.find((row) => row.case.startsWith(file))?.case ?? '')?.[1]);

const csv = ['mixed.csv', 'numbers.csv'].map((file) => {
  const own = seconds(file, 'tfjs-tuner');
  const [speed, ratio] = [megabytes(file) / own, own / seconds(file, 'duckdb')];
  // whichever of the two is met, else the speed
  return ratio <= 1.5 && speed < 200
    ? { what: `${file}: time over DuckDB's`, measured: ratio, atMost: 1.5 }
    : { what: `${file} (time over DuckDB's: ${ratio.toFixed(2)})`, measured: speed, atLeast: 200, unit: 'MB/s' };
});
const parquet = ['mixed.parquet', 'numbers.parquet'].map((file) => ({
  what: `${file}: time over pyarrow's`,
  measured: seconds(file, 'tfjs-tuner') / seconds(file, 'pyarrow'),
  atMost: 2,
}));
judge([...csv, ...parquet]);
