"""Validation RMSE of scikit-learn's HistGradientBoostingRegressor with its defaults, on the split that sweeps use.

python hist_gradient_boosting.py housing.csv split.json

The split is what export-split.mjs prints. The column of categories is given as such; seeds differ in nothing else (without early
stopping, which the defaults have from 10,000 rows on, there would be no randomness).
"""

import csv
import json
import sys
import time

import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingRegressor

TARGET = "median_house_value"
CATEGORY = "ocean_proximity"


def read(path):
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    names = [name for name in rows[0] if name != TARGET]
    categories = sorted({row[CATEGORY] for row in rows})
    number = lambda text: float(text) if text else np.nan
    cell = lambda row, name: categories.index(row[name]) if name == CATEGORY else number(row[name])
    x = np.array([[cell(row, name) for name in names] for row in rows])
    return x, np.array([float(row[TARGET]) for row in rows]), names.index(CATEGORY)


def main(table, split_path):
    x, y, category = read(table)
    with open(split_path) as file:
        split = json.load(file)
    train, validation = split["train"], split["validation"]
    for seed in range(5):
        started = time.perf_counter()
        model = HistGradientBoostingRegressor(categorical_features=[category], random_state=seed)
        model.fit(x[train], y[train])
        error = model.predict(x[validation]) - y[validation]
        rmse = float(np.sqrt(np.mean(error**2)))
        print(f"seed {seed}: validation RMSE {rmse:.0f}, {time.perf_counter() - started:.1f} s, {model.n_iter_} trees")
    print(f"scikit-learn {sklearn.__version__}, {len(train)} rows for training, {len(validation)} for validation")


if __name__ == "__main__":
    main(*sys.argv[1:])
