// node examples/targets/import-speed.mjs [RUNS]      RUNS is 3
// Reading CSV and Parquet beside DuckDB and pyarrow, by bench/import.mjs, which installs them into .cache on first use.
// CSV: at least 200 MB a second, or at most 1.5 times as long as DuckDB. Parquet: at most twice as long as pyarrow.
import { benchmark } from './support/run.mjs';
import { judge } from './support/target.mjs';

const rows = await benchmark('import.mjs', '--runs', process.argv[2] ?? '3');
const verdicts = rows.filter(({ metric }) => metric === 'target');
judge(
  verdicts.map(({ case: file, speedMBs, timesDuckdb, timesPyarrow }) => {
    if (!file.endsWith('.csv')) return { what: `${file}: time over pyarrow's`, measured: timesPyarrow, atMost: 2 };
    // whichever of the two is met, else the speed
    return timesDuckdb <= 1.5 && speedMBs < 200
      ? { what: `${file}: time over DuckDB's`, measured: timesDuckdb, atMost: 1.5 }
      : {
          what: `${file} (time over DuckDB's: ${timesDuckdb.toFixed(2)})`,
          measured: speedMBs,
          atLeast: 200,
          unit: 'MB/s',
        };
  }),
);
