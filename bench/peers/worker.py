"""Runs rows from the command line or, as a worker, on request; README.md beside this file states the protocol."""
import argparse
import gc
import json
import os
import statistics
import sys
import time
import traceback


class Row:
    """One measurement: prepare() builds its state once, then each call of measure() does a fixed piece of work and returns a figure."""

    def __init__(self, peer, unit, prepare, better="higher"):
        self.peer, self.unit, self.prepare, self.better = peer, unit, prepare, better
        self.measure, self.prepare_s = None, None

    def repeats(self, n):
        if self.measure is None:
            start = time.perf_counter()
            measure = self.prepare()
            measure()  # warms caches and compilers; not counted
            self.measure, self.prepare_s = measure, round(time.perf_counter() - start, 3)
        gc.collect()
        return [self.measure() for _ in range(n)]


def rate(work, units):
    """Units of work a second."""
    start = time.perf_counter()
    work()
    return units / (time.perf_counter() - start)


def answer(rows, name, n):
    if name not in rows:
        return {"row": name, "error": f"unknown row; known: {' '.join(rows)}"}
    row = rows[name]
    try:
        values = row.repeats(n)
    except Exception as failure:  # the driver goes on with the other rows
        traceback.print_exc()
        return {"row": name, "peer": row.peer, "error": f"{type(failure).__name__}: {failure}"[:300]}
    values = [float(f"{v:.6g}") for v in values]
    return {"row": name, "peer": row.peer, "value": statistics.median(values), "unit": row.unit, "better": row.better,
            "repeats": values, "prepare_s": row.prepare_s}


def main(rows, versions):
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="*", help="rows to measure; none lists them")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--worker", action="store_true", help="answer requests on standard input")
    options = parser.parse_args()
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever a library prints goes to standard error

    def say(message):
        out.write(json.dumps(message) + "\n")
        out.flush()

    if options.worker:
        say({"ready": versions, "threads": int(os.environ.get("OMP_NUM_THREADS", "0")), "rows": list(rows)})
        for line in sys.stdin:
            words = line.split()
            if words == ["quit"]:
                break
            if words:
                say(answer(rows, words[0], int(words[1]) if len(words) > 1 else 1))
    elif options.rows:
        for name in options.rows:
            say(answer(rows, name, options.repeats))
    else:
        for name, row in rows.items():
            say({"row": name, "peer": row.peer, "unit": row.unit})
