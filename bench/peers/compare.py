"""Times Amortis beside its peers, turn by turn on the same cores, and writes a Markdown table and JSON. Standard library only.

    python compare.py --classpath src/target/classes:bench/target/classes --python peers-venv/bin/python [ROW ...]
"""
import argparse
import datetime
import json
import os
import pathlib
import queue
import shlex
import statistics
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
JAVA = "java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -XX:+UseParallelGC -Xmx4g -cp {classpath} org.amortis.bench.Rows --worker"

# our row: (peer script, peer rows, at least, aim); ratios are speed-ups over each peer row, None where nothing is promised.
# A row without peers is ours alone: its goals stand in LIMITS.
ROWS = {
    "sgemm": ("torch_rows", ["sgemm", "sgemm:numpy"], 1.8, 2.4),
    "cnn_train_32": ("torch_rows", ["cnn_train_32", "cnn_train_32:channels_last", "cnn_train_32:compile"], 2.5, 3.5),
    "cnn_train_128": ("torch_rows", ["cnn_train_128", "cnn_train_128:compile"], None, None),
    "cnn_train_512": ("torch_rows", ["cnn_train_512", "cnn_train_512:compile"], None, None),
    "cnn_infer_32": ("torch_rows", ["cnn_infer_32", "cnn_infer_32:compile"], None, None),
    "cnn_infer_512": ("torch_rows", ["cnn_infer_512", "cnn_infer_512:compile"], None, None),
    "gp_simulate_f32": ("torch_rows", ["gp_simulate_f32"], None, None),
    "gp_simulate_f64": ("torch_rows", ["gp_simulate_f64"], None, None),
    "gp_loglik_f64": ("torch_rows", ["gp_loglik_f64", "gp_loglik_f64:lapack"], 12.0, 18.0),
    "gp_loglik_f64_symmetric": ("torch_rows", ["gp_loglik_f64", "gp_loglik_f64:lapack"], None, None),
    "npe_gp_train": ("sbi_rows", ["npe_gp_train", "npe_gp_train:steps"], 4.0, 7.0),
    "npe_gp_draws": ("sbi_rows", ["npe_gp_draws"], 20.0, 80.0),
    "npe_gp_one": ("sbi_rows", ["npe_gp_one"], None, None),
    "nre_gp_train": ("sbi_rows", ["nre_gp_train"], None, None),
    "flow_train": ("sbi_rows", ["flow_train", "flow_train:steps", "flow_train:one_thread", "flow_train:zuko", "flow_train:maf"], 8.0, 15.0),
    "flow_draws": ("sbi_rows", ["flow_draws"], None, None),
    "flow_density": ("sbi_rows", ["flow_density"], None, None),
    "nre_train": ("sbi_rows", ["nre_train", "nre_train:one_thread"], None, None),
    "mh_dense": (None, [], None, None),
    "mh_lattice": (None, [], None, None),
    "mh_chebyshev": (None, [], None, None),
}

# figures of ours that must stay below (at least, aim), in the row's unit: ms and s
LIMITS = {"npe_gp_one": (0.5, 0.2), "mh_dense": (2100, 1200), "mh_lattice": (60, 30), "mh_chebyshev": (5, 1)}


class Worker:
    """A process that answers one JSON line to each line 'ROW REPEATS'."""

    def __init__(self, command, patience, log=None):
        self.command, self.patience, self.lines = command, patience, queue.Queue()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, bufsize=1)
        threading.Thread(target=self.read, daemon=True).start()
        self.greeting = self.next()
        if "ready" not in self.greeting:
            raise SystemExit(f"{shlex.join(command)}: {self.greeting}")

    def read(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                self.lines.put(json.loads(line))
        self.lines.put({"error": "the worker ended"})

    def next(self):
        try:
            return self.lines.get(timeout=self.patience)
        except queue.Empty:
            self.process.kill()
            return {"error": f"no answer within {self.patience} s"}

    def ask(self, row, repeats=1):
        if self.process.poll() is not None:
            return {"row": row, "error": "the worker has ended"}
        try:
            self.process.stdin.write(f"{row} {repeats}\n")
            self.process.stdin.flush()
        except OSError as failure:
            return {"row": row, "error": f"the worker has ended: {failure}"}
        return self.next()

    def end(self):
        if self.process.poll() is None:
            try:
                self.process.stdin.write("quit\n")
                self.process.stdin.flush()
                self.process.wait(20)
            except (OSError, subprocess.TimeoutExpired):
                self.process.kill()
                self.process.wait()


def alternate(turns, rounds, pause):
    """turns: (label, worker, row). Asks each in turn, so many rounds; the first answer of each is thrown away as warm-up."""
    answers = {label: {"repeats": []} for label, _, _ in turns}
    for i in range(rounds + 1):
        for label, worker, row in turns:
            if worker is None or "error" in answers[label]:
                continue
            time.sleep(pause)  # the other process's idle threads stop spinning
            reply = worker.ask(row)
            if "error" in reply:
                answers[label]["error"] = reply["error"]
            elif i > 0:
                answers[label]["repeats"] += reply["repeats"]
            else:
                answers[label].update({k: reply[k] for k in ("peer", "unit", "better", "prepare_s", "note") if k in reply})
    for answer in answers.values():
        if answer["repeats"] and "error" not in answer:
            answer["value"] = statistics.median(answer["repeats"])
    return answers


def speedup(ours, peer):
    if "value" not in ours or "value" not in peer:
        return None
    return peer["value"] / ours["value"] if peer.get("better") == "lower" else ours["value"] / peer["value"]


def figure(answer):
    if "value" not in answer:
        return answer.get("error", "")[:60]
    low, high = min(answer["repeats"]), max(answer["repeats"])
    return f"{answer['value']:,.4g} {answer.get('unit', '')} ({low:,.3g} to {high:,.3g})"


def table(results):
    lines = ["| row | ours (range) | peer | peer's figure (range) | ratio | at least | aim |", "|---|---|---|---|---|---|---|"]
    for r in results:
        ratio = "" if r["ratio"] is None else f"**{r['ratio']:.2f}x**"
        if r["row"] in LIMITS:
            goal = [f"under {g:g} {r['ours'].get('unit', '')}".rstrip() for g in LIMITS[r["row"]]]
        else:
            goal = ["" if g is None else f"{g:g}x" for g in (r["at_least"], r["aim"])]
        lines.append(f"| {r['row']} | {figure(r['ours'])} | {r['peer'].get('peer', r['peer_row'])} | {figure(r['peer'])} | {ratio} | {goal[0]} | {goal[1]} |")
    return "\n".join(lines)


def processor():
    try:
        return next(line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    except (OSError, StopIteration):
        return "unknown processor"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", help=f"default: all of {' '.join(ROWS)}")
    parser.add_argument("--classpath", default="src/target/classes:bench/target/classes")
    parser.add_argument("--java", default=JAVA, help="our worker's command; {classpath} is filled in")
    parser.add_argument("--python", default=sys.executable, help="the peers' interpreter")
    parser.add_argument("--rounds", type=int, default=5, help="counted turns of each side, 5 or more for a claim")
    parser.add_argument("--pause", type=float, default=0.3, help="seconds between turns")
    parser.add_argument("--patience", type=float, default=600, help="seconds to wait for one answer")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--peers", choices=["all", "first"], default="all", help="every peer row, or the first of each")
    parser.add_argument("--only", choices=["ours", "peers"], help="time one side alone")
    parser.add_argument("--out", default="compare.json")
    options = parser.parse_args()
    unknown = [r for r in options.rows if r not in ROWS]
    if unknown:
        parser.error(f"unknown rows: {' '.join(unknown)}")
    if os.getloadavg()[0] > 1:
        print(f"load average {os.getloadavg()[0]:.1f}: the machine is not idle and the figures will not hold", file=sys.stderr)
    os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(options.threads)
    names, workers, results = options.rows or list(ROWS), {}, []

    def worker(script):
        if script not in workers:
            workers[script] = Worker([options.python, str(HERE / f"{script}.py"), "--worker"], options.patience)
        return workers[script]

    ours = None if options.only == "peers" else Worker(shlex.split(options.java.format(classpath=options.classpath)), options.patience)
    try:
        for name in names:
            script, rows, at_least, aim = ROWS[name]
            if not rows and ours is None:
                continue
            rows = rows[:1] if options.peers == "first" else rows
            turns = [("ours", ours, name)] + [(r, None if options.only == "ours" else worker(script), r) for r in rows]
            answers = alternate(turns, options.rounds, options.pause)
            if not rows:
                results.append({"row": name, "peer_row": "", "ours": answers["ours"], "peer": {}, "ratio": None, "at_least": None, "aim": None})
                print(f"{name}: {figure(answers['ours'])} {answers['ours'].get('note', '')}", file=sys.stderr, flush=True)
            for r in rows:
                results.append({"row": name, "peer_row": r, "ours": answers["ours"], "peer": answers[r],
                                "ratio": speedup(answers["ours"], answers[r]), "at_least": at_least, "aim": aim})
                print(f"{name} / {r}: {figure(answers['ours'])} / {figure(answers[r])}", file=sys.stderr, flush=True)
            host = {"processor": processor(), "threads": options.threads, "rounds": options.rounds, "load": os.getloadavg(),
                    "date": datetime.datetime.now().isoformat(timespec="seconds"), "ours": ours.greeting if ours else None,
                    "peers": {k: w.greeting["ready"] for k, w in workers.items()}}
            pathlib.Path(options.out).write_text(json.dumps({"host": host, "results": results}, indent=1))
    finally:
        for w in [ours, *workers.values()]:
            if w:
                w.end()
    print(f"{processor()}, {options.threads} threads, medians of {options.rounds} alternating turns, load average {os.getloadavg()[0]:.1f}.\n")
    print(table(results))


if __name__ == "__main__":
    main()
