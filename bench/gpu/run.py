"""Checks Amortis on a device, then times it beside PyTorch (and JAX where it is there), turn by turn. Standard library only.

    python3 run.py --device cuda                      # everything, in as many calls as --minutes allows; each goes on where the last ended
    python3 run.py --device cuda --part check         # one part: check, train, density, chains, products, product, draws, launches, study
    python3 run.py --device cuda --without jax        # sooner done
    python3 run.py --device cpu --rehearse            # everything tiny, to see that it works

Every row is printed and written to OUT/results.json and OUT/results.md as soon as it is measured; a call goes on where
OUT/results.json ends, --again measures anew. A part that crashes costs its own rows only. Ends with 1 when the device is wrong somewhere, 69
when it is not there, 75 when time ran out before the end. OUT/log.txt holds all that was printed, OUT/workers.txt what the processes said.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
HOME = HERE.parent.parent  # of the bundle or of the repository
sys.path.insert(0, str(HERE.parent / "peers"))
from compare import Worker, alternate, figure, speedup  # noqa: E402

FLAGS = ["--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-XX:+UseParallelGC", "-XX:ObjectAlignmentInBytes=64"]
SIZES = ("64", "512", "4096", "8192")

# Peers are PyTorch's rows of the same name and of its modes, and JAX's of the same name. Ours with one of WHO behind the
# name are computed by whom AMORTIS_PRODUCTS names then: float32 by own kernels, by three products of TF32, operands of TF32.
WHO = {who: {"AMORTIS_PRODUCTS": who} for who in ("own", "tf32x3", "tf32")}
# Ours in other forms of launches: short ones joined only, none joined, none joined and one after the other.
FORMS = {"small": {"AMORTIS_LAUNCHES": "small"}, "apart": {"AMORTIS_LAUNCHES": "apart"}, "chain": {"AMORTIS_LAUNCHES": "apart", "AMORTIS_GRAPHS": "chain"}}
PARTS = {
    "train": {
        **{f"cnn_train_{b}": ["", ":compile", ":graph"] for b in (32, 128, 512)},
        "flow_train": ["", ":graph"], "npe_gp_train": ["", ":graph"]},
    "density": {f"gp_loglik_{n}": [""] for n in SIZES} | {f"gp_loglik_lattice_{n}": [] for n in SIZES},
    "chains": {"mh_dense": [""], "mh_lattice": [], "mh_chebyshev": []},
    "product": {f"sgemm_{n}": ["", ":tf32"] if n in (2048, 4096) else [""] for n in (256, 512, 1024, 2048, 4096, 8192)}
    | {f"sgemm_{n}:own": [""] for n in (1024, 4096)}
    | {f"sgemm_{n}:tf32x3": [""] for n in (1024, 2048, 4096, 8192)}
    | {f"sgemm_{n}:tf32": [":tf32"] for n in (2048, 4096)},
    "draws": {"npe_gp_draws": [""]},
    "launches": {f"{row}:{form}": [] for row in ("cnn_train_32", "flow_train", "npe_gp_train") for form in FORMS},
}
# Rows without a peer of their own are held against the dense peers.
AGAINST = {"mh_lattice": "mh_dense", "mh_chebyshev": "mh_dense"} | {f"gp_loglik_lattice_{n}": f"gp_loglik_{n}" for n in SIZES}
# The goals on an H100 (at least, aim): speed-ups over a peer row, seconds below, or shares of a peer's rate.
GOALS = {
    "cnn_train_32": [("", 5, 15), (":compile", 1.5, 4), (":graph", 1.5, 4)], "flow_train": [("", 50, 200)], "gp_loglik_4096": [("", 2, 5)],
    "sgemm_4096:own": [("", 0.7, 0.9)]}
LIMITS = {"mh_dense": (60, 20), "mh_lattice": (3, 1), "study": (300, 300)}
ORDER = ["check", *(p for part in PARTS for p in (["products", part] if part == "product" else [part])), "study"]
STARTS = 8  # of a process that ends before its time


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Report:
    """What has been measured, on disk after every row."""

    def __init__(self, folder, header):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = self.folder / "results.json"
        old = json.loads(self.file.read_text()) if self.file.exists() else {}
        same = all(old.get(k, header[k]) == header[k] for k in ("device", "rehearse", "commit"))
        if not same:
            raise SystemExit(f"{self.file} holds another device's, commit's or a rehearsal's results: use another --out")
        self.data = {**header, "check": None, "rows": [], **old}

    def row(self, name):
        return next((r for r in self.data["rows"] if r["row"] == name), None)

    def put(self, row):
        self.data["rows"] = [r for r in self.data["rows"] if r["row"] != row["row"]] + [row]
        self.write()

    def write(self):
        for name, text in (("results.json", json.dumps(self.data, indent=1)), ("results.md", markdown(self.data))):
            new = self.folder / (name + ".new")
            new.write_text(text + "\n")
            new.replace(self.folder / name)


def goal(row, mode=None):
    if mode is None:
        return "under {:g} / {:g} s".format(*LIMITS[row]) if row in LIMITS else ""
    return next((f"{least:g}x / {aim:g}x" for m, least, aim in GOALS.get(row, []) if m == mode), "")


def lines(r):
    """Markdown lines of one measured row."""
    out = []
    for p in r["peers"] or [None]:
        if p is None:
            cells = ["", "", "", goal(r["row"])]
        else:
            ratio = "" if p["ratio"] is None else f"**{p['ratio']:.2f}x**"
            cells = [p["answer"].get("peer", p["row"]), figure(p["answer"]), ratio, goal(r["row"], p["mode"]) or goal(r["row"])]
        out.append("| " + " | ".join([r["row"], figure(r["ours"]), *cells]) + " |")
    return out


HEAD = ["| row | ours (range) | peer | peer's figure (range) | ratio | goal (at least / aim) |", "|---|---|---|---|---|---|"]


def markdown(data):
    top = [f"{k}: {data[k]}  " for k in ("date", "device", "gpu", "ours", "peers", "commit", "host", "rehearse") if data.get(k)]
    check = data["check"]
    if check and "error" in check:
        top.append(f"check: {check['error']}  ")
    elif check:
        left = f", {check['left']} not run" if check.get("left") else ""
        top.append(f"check: {check['cases']} cases against the oracle, {check['wrong']} wrong{left}, {check['seconds']:g} s  ")
    for who, found in (data.get("products") or {}).items():
        left = f", {found['left']} not run" if found.get("left") else ""
        top.append(f"products by {who}: " + (found.get("error") or f"{found['cases']} cases, {found['wrong']} wrong{left}") + "  ")
    return "\n".join(top + [""] + HEAD + [line for r in data["rows"] for line in lines(r)])


def java():
    """The command up to the class: the bundle's Java and jars, or the repository's classes."""
    own = HOME / "java" / "bin" / "java"
    if own.exists():
        jars = [str(p) for p in sorted((HOME / "lib").glob("*.jar"))]
        # Natives lie unpacked in lib: nothing has to be written to a temporary folder, which may forbid programs.
        return [str(own), *FLAGS, f"-Djava.library.path={HOME / 'lib'}", "-Xmx8g", "-cp", os.pathsep.join(jars)]
    repository = pathlib.Path(os.environ.get("AMORTIS_MAVEN_REPOSITORY") or pathlib.Path.home() / ".m2" / "repository")
    wanted = ("com/fasterxml/jackson/core/jackson-core", "org/jocl/jocl", "info/picocli/picocli", "org/jcuda")
    jars = [str(p) for w in wanted for p in sorted((repository / w).rglob("*.jar"))]
    classes = [str(HOME / "src/target/classes"), str(HOME / "src/target/test-classes"), str(HOME / "bench/target/classes")]
    home = os.environ.get("JAVA_HOME")
    return [f"{home}/bin/java" if home else "java", *FLAGS, "-Xmx4g", "-cp", os.pathsep.join(classes + jars)]


def libraries(python):
    """Folders of the CUDA libraries that came with PyTorch as Python packages: ours may use their cuBLAS."""
    code = """import glob, os, sys
print(os.pathsep.join(sorted({os.path.dirname(p) for root in sys.path for p in glob.glob(os.path.join(root or '.', 'nvidia', '*', 'lib', 'libcublas.so.*'))})))"""
    try:
        found = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=60).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        found = ""
    return os.pathsep.join(filter(None, [found, os.environ.get("LD_LIBRARY_PATH")]))


def writable(folder):
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def workplace(wish):
    """A folder for what need not be kept: compiled kernels, the study's run. The first that can be written."""
    for folder in [pathlib.Path(wish)] if wish else [HOME / "target" / "gpu", pathlib.Path(tempfile.gettempdir()) / f"amortis-gpu-{os.getuid()}"]:
        if writable(folder):
            return folder.resolve()
    raise SystemExit("no folder for intermediate files can be written: name one with --work")


def surroundings(options, work):
    """What the processes find: libraries, and caches in a folder that can be written, so that kernels are compiled once for all of them."""
    if options.device.startswith("cuda"):
        os.environ["LD_LIBRARY_PATH"] = libraries(options.python)
    os.environ.setdefault("CUDA_CACHE_PATH", str(work / "kernels"))
    os.environ.setdefault("CUDA_CACHE_MAXSIZE", str(1 << 30))
    home = os.environ.get("HOME")
    if not home or not writable(pathlib.Path(home)):
        os.environ["HOME"] = str(work)
    os.environ.setdefault("USER", "amortis")  # PyTorch's caches bear its name


def gpu():
    try:
        asked = ["nvidia-smi", "--query-gpu=name,driver_version,memory.total,clocks.max.sm", "--format=csv,noheader"]
        return subprocess.run(asked, capture_output=True, text=True, timeout=60).stdout.strip().replace("\n", "; ")
    except (OSError, subprocess.TimeoutExpired):
        return ""


class Tee:
    """Standard output and a file."""

    def __init__(self, file):
        self.out, self.file = sys.stdout, open(file, "a", buffering=1)

    def write(self, text):
        self.file.write(text)
        return self.out.write(text)

    def flush(self):
        self.file.flush()
        self.out.flush()


def stream(command, patience, env=None):
    """Runs a command, prints its lines as they come; exit code and lines."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1, env={**os.environ, **(env or {})})
    signal.signal(signal.SIGALRM, lambda *_: process.kill())
    signal.alarm(int(max(1, patience)))
    end = time.monotonic() + max(1, patience)
    kept = []
    for line in process.stdout:
        print("  " + line.rstrip()[:400], flush=True)
        kept.append(line.rstrip())
    code = process.wait()
    signal.alarm(0)
    if code == -signal.SIGKILL and time.monotonic() >= end - 1:
        kept.append(f"stopped after {patience:.0f} s")
    return code, kept


def check(options, report, left):
    print("check: every case of every op against the oracle", flush=True)
    every = "25" if options.rehearse else "1"
    seconds = int(min(left, options.check_seconds))
    code, said = stream([*java(), "org.amortis.engine.op.DeviceCheck", options.device, every, "", str(seconds)], seconds + 60)
    try:
        found = json.loads(said[-1])
    except (IndexError, ValueError):
        found = {"cases": 0, "wrong": 0, "seconds": 0, "error": f"no verdict, exit code {code}: {said[-1] if said else ''}"[:300]}
        print(f"check: {found['error']}", flush=True)
    if code in (64, 69):
        raise SystemExit(code)
    found["faults"] = [s for s in said if s.startswith("WRONG")]
    report.data["check"] = found
    report.write()


def products(options, report, left):
    """Products of float32, small ones too, by everybody who may compute them. Who is not there says so and is nobody's fault."""
    end = time.monotonic() + left
    report.data["products"] = {who: found for who, found in (report.data.get("products") or {}).items() if "error" not in found and not found.get("left")}
    for who in ("own", "cublas", "tf32x3", "tf32"):
        if who in report.data["products"] and not options.again:
            continue
        print(f"products by {who}, against the oracle", flush=True)
        seconds = int(max(1, end - time.monotonic()))
        command = [*java(), "org.amortis.engine.op.DeviceCheck", options.device, "1", "products", str(seconds)]
        code, said = stream(command, seconds + 30, {"AMORTIS_PRODUCTS": who + ":all"})
        try:
            found = {**json.loads(said[-1]), "faults": [s for s in said if s.startswith("WRONG")]}
        except (IndexError, ValueError):
            found = {"error": (said[0] if code == 69 and said else f"no verdict, exit code {code}: {said[-1] if said else ''}")[:300], "missing": code == 69}
        report.data["products"][who] = found
        report.write()


def study(options, report, left, work):
    """The study from simulation to report, ours alone; a run that was cut short goes on."""
    profile = "quick" if options.rehearse else "paper"
    out = work / f"study-{profile}-{options.device.replace(':', '-')}-{report.data['commit'][:12]}"
    begun = "" if not (out / "run.json").exists() else ", continued"
    print(f"study: gp, profile {profile}{begun}", flush=True)
    start = time.monotonic()
    command = [*java(), "org.amortis.cli.Main", "study", "gp", "--profile", profile, "--device", options.device, "--out", str(out), "--progress", "plain"]
    code, said = stream(command, left)
    seconds = time.monotonic() - start
    ours = {"repeats": [seconds], "value": seconds, "unit": "s", "better": "lower", "note": f"gp, profile {profile}, one run{begun}"}
    if code != 0:
        ours = {"repeats": [], "error": f"exit code {code} after {seconds:.0f} s: {said[-1] if said else ''}"}
    for name in ("table.csv", "run.json"):
        if (out / name).exists():
            shutil.copyfile(out / name, report.folder / f"study-{name}")
    report.put({"row": "study", "ours": ours, "peers": []})


class Sides:
    """The processes that answer, started when first needed."""

    def __init__(self, options, report):
        self.options, self.report, self.workers, self.starts = options, report, {}, {}
        self.log = open(report.folder / "workers.txt", "a", buffering=1)
        self.env = {"BENCH_DEVICE": options.peer_device, "BENCH_REHEARSE": "1" if options.rehearse else "0"}

    def side(self, name):
        """The process; one that has ended, after a crash or too long a row, is started again a few times."""
        worker = self.workers.get(name)
        if name not in self.workers or worker and worker.process.poll() is not None and self.starts[name] < STARTS:
            self.starts[name] = self.starts.get(name, 0) + 1
            self.workers[name] = None if name in self.options.without else self.start(name)
        return self.workers[name]

    def start(self, name):
        rehearse = ["--rehearse"] if self.options.rehearse else []
        ours = [*java(), "org.amortis.bench.gpu.DeviceRows", "--device", self.options.device, "--worker", *rehearse]
        command = {
            "ours": ours,
            **{who: ["env", *(f"{k}={v}" for k, v in words.items()), *ours] for who, words in (WHO | FORMS).items()},
            "torch": [self.options.python, str(HERE / "torch_rows.py"), "--worker"],
            "jax": [self.options.python, str(HERE / "jax_rows.py"), "--worker"]}[name]
        if name in ("torch", "jax") and subprocess.run([self.options.python, "-c", f"import {name}"], capture_output=True).returncode != 0:
            print(f"{name}: not there, its rows are left out", flush=True)
            return None
        os.environ.update(self.env)
        try:
            worker = Worker(command, self.options.patience, self.log)
        except SystemExit as failure:
            print(f"{name}: {failure}; see workers.txt", flush=True)
            return None
        print(f"{name}: {worker.greeting['ready']}", flush=True)
        if name == "ours":
            self.report.data["ours"] = worker.greeting["ready"]
        elif name not in WHO | FORMS:
            self.report.data["peers"] = "; ".join(filter(None, [self.report.data.get("peers"), worker.greeting["ready"]]))
        return worker

    def measure(self, row, modes, left):
        peer_row = AGAINST.get(row)
        full, (row, _, who) = row, row.partition(":")
        modes = [m for m in modes if m.removeprefix(":") not in self.options.without]
        ours = self.side(who or "ours")
        if ours is None:
            self.report.put({"row": full, "ours": {"repeats": [], "error": "our process does not start"}, "peers": []})
            return
        turns = [("ours", ours, row)]
        if peer_row is None:
            turns += [(f"torch{m}", self.side("torch"), row + m) for m in modes if self.side("torch")]
            jax = self.side("jax") if "" in modes else None
            if jax and row in jax.greeting["rows"]:
                turns.append(("jax", jax, row))
        for _, worker, _ in turns:
            worker.patience = max(30, min(self.options.patience, left + 30))
        answers = alternate(turns, self.options.rounds, self.options.pause)
        ours = answers["ours"]
        if "error" in ours:
            turns[0][1].end()  # a device that is lost stays lost for its process
        peers = []
        for label, _, name in turns[1:]:
            mode = label.removeprefix("torch") if label.startswith("torch") else label
            peers.append({"row": name, "mode": mode, "answer": answers[label], "ratio": speedup(ours, answers[label])})
        known = self.report.row(peer_row) if peer_row else None
        for p in known["peers"] if known else []:
            peers.append({**p, "mode": "dense", "ratio": speedup(ours, p["answer"])})
        self.report.put({"row": full, "ours": ours, "peers": peers})

    def end(self):
        for worker in self.workers.values():
            if worker:
                worker.end()


def commit():
    file = HOME / "COMMIT"
    if file.exists():
        return file.read_text().strip()
    found = subprocess.run(["git", "-C", str(HOME), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"], capture_output=True, text=True)
    return found.stdout.strip() or "unknown"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", help="only these rows of the parts")
    parser.add_argument("--device", default="cuda", help="ours: cuda, opencl, opencl:n, cpu")
    parser.add_argument("--peer-device", help="the peers': cuda or cpu; default: that of --device")
    parser.add_argument("--part", action="append", choices=ORDER, help="default: all, in this order")
    parser.add_argument("--rehearse", action="store_true", help="tiny sizes: shows that everything works, figures mean nothing")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that has PyTorch")
    parser.add_argument("--rounds", type=int, default=5, help="counted turns of each side, 5 or more for a claim")
    parser.add_argument("--pause", type=float, default=0.1, help="seconds between turns")
    parser.add_argument("--patience", type=float, default=240, help="seconds to wait for one answer")
    parser.add_argument("--minutes", type=float, default=9, help="begins nothing new after so long, ends at most a minute later")
    parser.add_argument("--check-seconds", type=float, default=240, help="for the part check; what was not run then is counted")
    parser.add_argument("--without", action="append", default=[], choices=["torch", "jax", "compile", "graph", "tf32"], help="leaves a peer or a mode of PyTorch out")
    parser.add_argument("--work", help="folder for compiled kernels and the study's run (default: target/gpu beside the bundle's files)")
    parser.add_argument("--out", default="results", help="folder of results.json and results.md")
    parser.add_argument("--again", action="store_true", help="measures anew what is there")
    options = parser.parse_args()
    if options.rehearse and "--rounds" not in " ".join(sys.argv):
        options.rounds = 1
    options.peer_device = options.peer_device or ("cuda" if options.device.startswith("cuda") else "cpu")
    end = time.monotonic() + 60 * options.minutes
    work = workplace(options.work)
    surroundings(options, work)
    header = {
        "date": now(), "device": options.device, "gpu": gpu(), "rehearse": options.rehearse, "commit": commit(),
        "host": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors"}
    report = Report(options.out, header)
    sys.stdout = Tee(report.folder / "log.txt")
    parts = options.part or ORDER
    late = []
    sides = Sides(options, report)
    try:
        for part in parts:
            left = end - time.monotonic()
            if part in ("check", "study"):
                done = report.data["check"] if part == "check" else (report.row("study") or {}).get("ours")
                done = done and "error" not in done and not done.get("left")
                if (not done or options.again) and not options.rows:
                    if left < (60 if part == "study" else 10) * (0 if options.rehearse else 1):
                        late.append(part)
                    else:
                        check(options, report, left) if part == "check" else study(options, report, left + 30, work)
                continue
            if part == "products":
                known = report.data.get("products") or {}
                done = len(known) == 4 and all(f.get("missing") or "error" not in f and not f.get("left") for f in known.values())
                if options.device.startswith("cuda") and (not done or options.again) and not options.rows:
                    if left < 10:
                        late.append(part)
                    else:
                        products(options, report, min(left, options.check_seconds))
                continue
            for row, modes in PARTS[part].items():
                before = report.row(row)
                if ":" in row and not options.device.startswith("cuda"):
                    continue
                if (report.data.get("products") or {}).get(row.partition(":")[2], {}).get("missing"):
                    continue
                if options.rows and row not in options.rows or before and "value" in before["ours"] and not options.again:
                    continue
                if time.monotonic() > end:
                    late.append(row)
                    continue
                sides.measure(row, modes, end - time.monotonic())
                print("\n".join(lines(report.row(row))), flush=True)
    finally:
        sides.end()
    print("\n" + markdown(report.data))
    print(f"\nin {report.folder / 'results.json'} and results.md")
    if late:
        print(f"time ran out before {', '.join(late)}: call again with the same --out")
    checked = report.data["check"] or {}
    wrong = checked.get("wrong") or "error" in checked or any("error" in r["ours"] for r in report.data["rows"])
    wrong = wrong or any(f.get("wrong") or "error" in f and not f["missing"] for f in (report.data.get("products") or {}).values())
    sys.exit(1 if wrong else 75 if late else 0)


if __name__ == "__main__":
    main()
