"""The homes that could meet a child's needs, in pandas and as a scan in SQLite.

Reads the case that the bench wrote, checks that the answers are the product's own, and prints
processor time for one search. Preparation (columns, codes, indices) is not timed, as the product's is not.
"""

import json
import sqlite3
import sys
import time

import numpy as np
import pandas as pd

ROUNDS = 3


def load(case):
    homes = pd.DataFrame(case["homes"])
    codes = {code: place for place, code in enumerate(case["reasons"])}
    homes["outcode"] = homes["outcode"].astype("category")
    fixed = ["not_registered", "restriction_notice", "inadequate", "standing_lost", "short_breaks"]
    homes["fixed"] = sum(homes[name].astype("int64") * (1 << codes[name]) for name in fixed)
    return homes, codes


def pandas_search(homes, codes, unknown, wanted):
    """Every home's reasons as bits, and the rows without any in the wanted order."""
    out = homes["fixed"].copy()

    def when(holds, code):
        nonlocal out
        out |= holds.astype("int64") * (1 << codes[code])

    when((homes["age_from"] > wanted["age"]) | (homes["age_to"] < wanted["age"]), "age")
    if wanted["sex"]:
        when((homes["sexes"] & wanted["sex"]) == 0, "sex")
    avoided = homes["area"].isin(wanted["avoid_areas"]) | homes["outcode"].isin(wanted["avoid_outcodes"])
    when(avoided, "place_to_avoid")
    when((homes["does_not"] & wanted["essential"]) != 0, "essential_need")
    when((homes["grade"] > wanted["worst_grade"]) & (homes["grade"] != unknown), "below_grade")
    own = homes["owner"] == wanted["own"]
    lot = ~own & (homes["lot_from"] <= wanted["from"]) & (homes["lot_until"] > wanted["from"])
    allowed = (own & wanted["in_house"]) | (lot & wanted["fca"]) | (~own & ~lot & wanted["spot"])
    when(~allowed, "tier_left_out")
    when(homes["area"].map(wanted["class_of"]) > wanted["area_limit"], "area_left_out")
    square = (homes["east"] - wanted["east"]) ** 2 + (homes["north"] - wanted["north"]) ** 2
    tenths = ((200 * np.sqrt(square.astype("float64")) + 16093) // 32186).astype("int64")
    when(tenths > wanted["limit_tenths"], "too_far")

    def fits(name):
        return (homes[name + "_from"] <= wanted["from"]) & (homes[name + "_until"] >= wanted["until"])

    if wanted["solo"]:
        when((homes["does_not"] & wanted["solo_need"]) != 0, "solo_not_offered")
        free, shared = fits("empty"), fits("shared")
        when(~free & fits("any") & shared, "others_live_there")
        when(~free & fits("any") & ~shared, "solo_resident")
    else:
        free = fits("shared")
        when(~free & fits("any"), "solo_resident")
    when(~free & ~fits("any"), "no_bed_free")

    held = homes.loc[out == 0, ["meets", "does_not", "grade"]].copy()
    held["tenths"] = tenths[out == 0]
    count = wanted["needs"].bit_count()
    held["missed"] = count - np.bitwise_count((held["meets"] & wanted["needs"]).to_numpy())
    held["unknown"] = held["missed"] - np.bitwise_count((held["does_not"] & wanted["needs"]).to_numpy())
    keys = {
        "distance": ["tenths", "missed", "grade"],
        "needs": ["missed", "unknown", "tenths"],
        "grade": ["grade", "tenths", "missed"],
    }[wanted["order"]]
    return out, held.sort_values(keys, kind="stable").index


def sqlite_prepare(homes):
    database = sqlite3.connect(":memory:")
    homes.astype({"outcode": str}).to_sql("home", database, index_label="row")
    return database


def sqlite_statement(wanted):
    """The rows that match, without the reasons of the others."""
    bound = 32186 * (wanted["limit_tenths"] + 1) - 16093
    furthest = (bound * bound - 1) // 40000
    tiers = []
    own, lot = "owner = :own", "lot_from <= :from AND lot_until > :from"
    if wanted["in_house"]:
        tiers.append(f"({own})")
    if wanted["fca"]:
        tiers.append(f"(NOT ({own}) AND {lot})")
    if wanted["spot"]:
        tiers.append(f"(NOT ({own}) AND NOT ({lot}))")
    near = [area for area, one in enumerate(wanted["classes"]) if one <= wanted["area_limit"]]
    near = "" if wanted["area_limit"] == 2 else f"AND area IN ({','.join(map(str, near))})"
    gap = "empty" if wanted["solo"] else "shared"
    solo = "AND does_not & :solo_need = 0" if wanted["solo"] else ""
    sex = "AND sexes & :sex <> 0" if wanted["sex"] else ""
    distance = "(east - :east) * (east - :east) + (north - :north) * (north - :north)"
    order = {"distance": distance, "needs": "row", "grade": f"grade, {distance}"}[wanted["order"]]
    return f"""SELECT row FROM home WHERE fixed = 0 AND age_from <= :age AND age_to >= :age {sex}
        AND area <> :avoid_area AND outcode <> :avoid_outcode AND does_not & :essential = 0
        AND (grade <= :worst_grade OR grade = :unknown) AND ({' OR '.join(tiers)}) {near} {solo}
        AND {gap}_from <= :from AND {gap}_until >= :until AND {distance} <= {furthest} ORDER BY {order}"""


def sqlite_search(database, wanted):
    return [row for (row,) in database.execute(wanted["sql"], wanted["named"])]


def micros(searches, search):
    start = time.process_time()
    for _ in range(ROUNDS):
        for wanted in searches:
            search(wanted)
    return (time.process_time() - start) * 1e6 / (ROUNDS * len(searches))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        case = json.load(file)
    homes, codes = load(case)
    unknown = case["grade_unknown"]
    database = sqlite_prepare(homes)
    for wanted in case["searches"]:
        wanted["class_of"] = pd.Series(wanted["classes"])
        wanted["avoid_area"], wanted["avoid_outcode"] = wanted["avoid_areas"][0], wanted["avoid_outcodes"][0]
        wanted["unknown"] = unknown
        out, rows = pandas_search(homes, codes, unknown, wanted)
        if list(rows) != wanted["matched"]:
            sys.exit(f"pandas finds other homes than the product: {wanted}")
        counts = {code: int(((out.to_numpy() >> place) & 1).sum()) for code, place in codes.items()}
        if {code: count for code, count in counts.items() if count} != wanted["counts"]:
            sys.exit(f"pandas finds other reasons than the product: {counts} and {wanted['counts']}")
    for wanted in case["searches"]:
        # Named values only: the driver takes no lists.
        named = {key: value for key, value in wanted.items() if isinstance(value, (int, str))}
        wanted["sql"], wanted["named"] = sqlite_statement(wanted), named
        if sorted(sqlite_search(database, wanted)) != sorted(wanted["matched"]):
            sys.exit(f"SQLite finds other homes than the product: {wanted}")
    print(json.dumps({
        "pandas_micros": micros(case["searches"], lambda wanted: pandas_search(homes, codes, unknown, wanted)),
        "sqlite_micros": micros(case["searches"], lambda wanted: sqlite_search(database, wanted)),
    }))


if __name__ == "__main__":
    main()
