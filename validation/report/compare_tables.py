#!/usr/bin/env python3
"""Holds the results of a study on one device against those on another.

Usage: compare_tables.py CPU_RUN OTHER_RUN

Both runs have the same seeds, hence the same test fields and the same draws of Philox. Null: the
other device changes nothing but rounding. Then the exact posterior's scores agree to 1e-6, those of
MCMC, whose chains part only where rounding turns a decision, to a tenth of a standard error of
their excess, and those of trained networks, whose training amplifies rounding, within three
standard errors of the difference (taken as if the two were independent: they share fields and
simulations, so a false alarm is rarer than 3 in 1,000 a score).
Ends with 1 and a line for each score that differs, with 0 and one line if none does.
"""

import csv
import math
import sys


def rows(folder):
    with open(f"{folder}/table.csv", newline="") as f:
        return {r["method"]: r for r in csv.DictReader(f)}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    a, b = rows(sys.argv[1]), rows(sys.argv[2])
    wrong = [] if a.keys() == b.keys() else [f"methods differ: {list(a)} and {list(b)}"]
    compared, worst = 0, 0.0
    for method in a.keys() & b.keys():
        for score in ("rmspe", "mis90", "crps"):
            p, q = a[method][score], b[method][score]
            if p == "" and q == "":
                continue
            p, q = float(p), float(q)
            if method == "exact":
                allowed = 1e-6 * abs(p)
            else:
                scale = float(a["exact"][score])
                se = [float(t[method][score + "_se"]) * scale for t in (a, b)]
                allowed = 0.1 * se[0] if method == "mcmc" else 3 * math.hypot(*se)
            compared += 1
            worst = max(worst, abs(p - q) / allowed)
            if not abs(p - q) <= allowed:
                wrong.append(f"{method} {score}: {p:.6g} and {q:.6g}, allowed {allowed:.2g}")
        if abs(float(a[method]["cov90"]) - float(b[method]["cov90"])) > 0.05:
            wrong.append(f"{method} coverage: {a[method]['cov90']} and {b[method]['cov90']}")
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{compared} scores agree, the worst at {worst:.2f} of what is allowed")


if __name__ == "__main__":
    main()
