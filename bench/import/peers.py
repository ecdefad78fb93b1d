"""python peers.py make FOLDER ROWS | pyarrow FILE | duckdb FILE | pandas FILE: makes the files, or reads one twice and tells what each time took."""

import json
import os
import sys
import time

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq


def make(folder, rows):
    rng = np.random.default_rng(1)
    mixed = pa.table({
        "id": np.arange(rows), "price": np.round(rng.gamma(2, 50, rows), 2), "lat": np.round(rng.uniform(-90, 90, rows), 6),
        "count": rng.poisson(4, rows), "z": rng.normal(size=rows),
        "city": np.array(["Amsterdam", "Berlin", "Copenhagen", "Dublin"])[rng.integers(0, 4, rows)],
        "code": np.char.add("c", rng.integers(0, 5000, rows).astype(str)),
        "q": pa.array(np.round(rng.normal(size=rows) * 100, 3), mask=rng.random(rows) < 0.05),
        "flag": rng.random(rows) < 0.5, "day": np.datetime64("2015-01-01") + rng.integers(0, 3000, rows),
    })
    numbers = pa.table({f"f{i}": np.round(rng.normal(size=rows // 4) * 10, 4) for i in range(40)})
    for name, table in (("mixed", mixed), ("numbers", numbers)):
        # of the number of rows that was asked for
        parquet = f"{folder}/{name}.parquet"
        if not os.path.exists(parquet) or pq.read_metadata(parquet).num_rows != table.num_rows:
            pc.write_csv(table, f"{folder}/{name}.csv", pc.WriteOptions(quoting_style="needed"))
            pq.write_table(table, f"{folder}/{name}.parquet")


def by_pyarrow(path):
    return pq.read_table(path) if path.endswith(".parquet") else pc.read_csv(path)


def by_duckdb(path):
    reader = "read_parquet" if path.endswith(".parquet") else "read_csv"
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE t AS SELECT * FROM {reader}('{path}')")
    return connection


def by_pandas(path):
    return pd.read_parquet(path) if path.endswith(".parquet") else pd.read_csv(path)


if sys.argv[1] == "make":
    make(sys.argv[2], int(sys.argv[3]))
else:
    read = {"pyarrow": by_pyarrow, "duckdb": by_duckdb, "pandas": by_pandas}[sys.argv[1]]
    told = {}
    for state in ["cold", "warm"]:
        cpu, wall = time.process_time(), time.perf_counter()
        read(sys.argv[2])
        told[state] = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    print(json.dumps(told))
