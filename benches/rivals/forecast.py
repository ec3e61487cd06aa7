"""The rival of the forecast: the same futures in numpy, in two ways. Prints processor seconds and each part's quantiles.

`stays`: every stay of every future at once, as two entries in a row of weeks: the quickest that we found in numpy.
`weeks`: week by week, who is there and what they cost, as a model of this kind is usually written.
"""

import json
import sys
import time

import numpy as np

CHUNK = 500


def ends(case, rng, part, runs):
    """The weeks after which those who live there today leave."""
    table = np.array(part["lengths"], dtype=np.int32)
    passed = np.array([child[1] for child in part["living"]], dtype=np.int32)
    first = np.minimum(np.searchsorted(table, passed, side="right"), len(table) - 16)
    step = first + (rng.random((runs, len(passed)), dtype=np.float32) * (len(table) - first)).astype(np.int32)
    left = table[np.minimum(step, len(table) - 1)] - passed
    return np.clip(left, 1, case["weeks"])


def arrivals(case, rng, part, runs):
    """The run, first week, last week and price of everybody who comes."""
    table = np.array(part["lengths"], dtype=np.int32)
    prices = np.array(part["prices"], dtype=np.int64)
    counts = rng.poisson(part["mean"], runs)
    total = int(counts.sum())
    run = np.repeat(np.arange(runs, dtype=np.int32), counts)
    week = rng.integers(0, case["weeks"], total, dtype=np.int32)
    length = table[rng.integers(0, len(table), total, dtype=np.uint16)]
    price = prices[rng.integers(0, len(prices), total, dtype=np.uint16)]
    return run, week, np.minimum(week + length, case["weeks"]), price


def by_stays(case, rng, part, runs):
    weeks = case["weeks"]
    price = np.array([child[0] for child in part["living"]], dtype=np.int64)
    left = ends(case, rng, part, runs)
    row = weeks + 1
    base = np.arange(runs, dtype=np.int64)[:, None] * row
    flow = -np.bincount((base + left).ravel(), np.broadcast_to(price, left.shape).ravel(), runs * row)
    run, start, end, paid = arrivals(case, rng, part, runs)
    at = run.astype(np.int64) * row
    flow += np.bincount(at + start, paid, runs * row)
    flow -= np.bincount(at + end, paid, runs * row)
    flow = flow.reshape(runs, row)
    flow[:, 0] += price.sum()
    return np.cumsum(flow[:, :weeks], axis=1)


def by_weeks(case, rng, part, runs):
    price = np.array([child[0] for child in part["living"]], dtype=np.float32)
    left = ends(case, rng, part, runs)
    run, start, end, paid = arrivals(case, rng, part, runs)
    order = np.argsort(start, kind="stable")
    run, start, end, paid = run[order], start[order], end[order], paid[order].astype(np.float32)
    upto = np.searchsorted(start, np.arange(case["weeks"]), side="right")
    cost = np.empty((runs, case["weeks"]))
    for week in range(case["weeks"]):
        there = (left > week) @ price
        come = slice(0, upto[week])
        stays = end[come] > week
        cost[:, week] = there + np.bincount(run[come][stays], paid[come][stays], runs)
    return cost


def main():
    case = json.load(open(sys.argv[1]))
    how = {"stays": by_stays, "weeks": by_weeks}[sys.argv[2]]
    rng = np.random.Generator(np.random.SFC64(int(sys.argv[3])))
    rise = np.array(case["rise"])
    before = time.process_time()
    told = []
    for part in case["parts"]:
        years = []
        for _ in range(case["runs"] // CHUNK):
            cost = how(case, rng, part, CHUNK) * rise
            cut = [0, *case["until"]]
            years.append(np.stack([cost[:, a:b].sum(axis=1) for a, b in zip(cut, cut[1:])], axis=1))
        years = np.concatenate(years)
        told.append(np.quantile(years, [0.05, 0.5, 0.95], axis=0).T.tolist())
    taken = time.process_time() - before
    print(json.dumps({"seconds": taken, "parts": told}))


main()
