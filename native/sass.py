#!/usr/bin/env python3
"""Machine code of the shipped kernels: what the hot loop of each is made of. See docs/decisions/047.

    python3 native/sass.py PTXAS NVDISASM ARCHITECTURE WORD... [--dump] [--file PTX]

WORDs choose kernels (parts of the line `// kernel ENTRY OPTIONS`, all must be in it). Counts come from the assembler's
code, nothing is timed. Fields of an instruction's control bits: S. Gray, maxas, "Control codes"; Z. Jia, M. Maggioni,
B. Staiger, D. Scarpazza, "Dissecting the NVIDIA Volta GPU architecture via microbenchmarking", 2018, ch. 2.
"""
import collections, glob, os, re, subprocess, sys, tempfile

ARITHMETIC = ("FFMA", "DFMA", "HMMA")


def modules(path):
    """Modules of a file: several heads may share one."""
    heads = []
    for part in re.split(r"(?m)^// kernel ", open(path).read())[1:]:
        name, text = part.split("\n", 1)
        heads.append(name)
        if text.strip():
            for head in heads:
                yield head, text
            heads = []


def code(ptxas, nvdisasm, architecture, text):
    with tempfile.TemporaryDirectory() as folder:
        ptx, cubin = os.path.join(folder, "k.ptx"), os.path.join(folder, "k.cubin")
        open(ptx, "w").write(text)
        about = subprocess.run([ptxas, "-v", f"-arch=sm_{architecture}", ptx, "-o", cubin], check=True, capture_output=True, text=True)
        listing = subprocess.run([nvdisasm, "-c", "-hex", cubin], check=True, capture_output=True, text=True).stdout
    registers = int(re.findall(r"Used (\d+) registers", about.stderr)[-1])
    shared = re.search(r"(\d+) bytes smem", about.stderr)
    spills = re.search(r"(\d+) bytes spill stores", about.stderr)
    out, labels = [], {}
    for line in listing.splitlines():
        label = re.match(r"(\.L_x_\d+):", line)
        if label:
            labels[label.group(1)] = len(out)
        m = re.match(r"\s+/\*([0-9a-f]{4,})\*/\s+(.*?);\s+/\* 0x([0-9a-f]{16}) \*/", line)
        if m:
            words = m.group(2).strip()
            predicate = re.match(r"(@!?U?P\w+)\s+", words)
            rest = words[predicate.end() :] if predicate else words
            out.append(dict(text=words, predicate=predicate and predicate.group(1), op=rest.split()[0], rest=rest, at=int(m.group(1), 16)))
        else:
            m = re.match(r"\s+/\* 0x([0-9a-f]{16}) \*/", line)
            if m and out and "control" not in out[-1]:
                control = int(m.group(1), 16) >> 41
                out[-1].update(control=control, stall=control & 15, wait=control >> 11 & 63)
    return out, labels, registers, int(shared.group(1)) if shared else 0, int(spills.group(1)) if spills else 0


def loops(out, labels):
    for i, x in enumerate(out):
        if x["op"].startswith("BRA"):
            target = re.search(r"\.L_x_\d+", x["text"])
            if target and labels.get(target.group(0), 1 << 30) <= i:
                yield labels[target.group(0)], i + 1


def kind(op):
    base = op.split(".")[0]
    if base in ARITHMETIC:
        return base
    if base in ("FADD", "FMUL", "DADD", "DMUL"):
        return "F/D other"
    if base in ("LDS", "STS", "LDG", "STG", "LDGSTS", "LDSM", "LDL", "STL", "LD", "ST"):
        wide = re.search(r"\.(64|128)", op)
        return base + (wide.group(0) if wide else "")
    if base in ("BAR", "DEPBAR", "LDGDEPBAR", "BRA", "NOP"):
        return base
    return "other"


def bank_conflicts(body):
    """Multiply-adds whose three different source registers lie in one bank (even or odd), less operands kept by .reuse."""
    held, conflicts = {}, 0
    for x in body:
        if x["op"].split(".")[0] not in ("FFMA", "DFMA"):
            continue
        operands = [o.strip() for o in x["rest"].split(None, 1)[1].split(",")][1:4]
        read = collections.Counter()
        seen, now = set(), {}
        for slot, o in enumerate(operands):
            r = re.match(r"[-|]*R(\d+)(\.reuse)?", o)
            if not r:
                continue
            register = int(r.group(1))
            if held.get(slot) != register and register not in seen:
                read[register % 2] += 1
                seen.add(register)
            if r.group(2):
                now[slot] = register
        held = now
        conflicts += max(read.values(), default=0) > 2
    return conflicts


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    ptxas, nvdisasm, architecture, words = arguments[0], arguments[1], arguments[2], arguments[3:]
    files = [a[7:] for a in sys.argv if a.startswith("--file=")] or sorted(glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "ptx/*.ptx")))
    for path in files:
        for name, text in modules(path):
            if not all(w in name for w in words):
                continue
            out, labels, registers, shared, spills = code(ptxas, nvdisasm, architecture, text)
            best = None
            every = sorted(set(loops(out, labels)))
            for begin, end in every:
                work = sum(x["op"].split(".")[0] in ARITHMETIC for x in out[begin:end])
                own = work - sum(x["op"].split(".")[0] in ARITHMETIC for b, e in every if begin <= b and e <= end and (b, e) != (begin, end) for x in out[b:e])
                work = own
                if best is None or work > best[0]:
                    best = (work, begin, end)
            print(f"{name}\n  registers {registers}, shared {shared}, spilled {spills}, instructions {len(out)}, loops {len(every)}")
            for begin, end in [best[1:]] if "--all" not in sys.argv and best else every:
                body = out[begin:end]
                # Ways that leave the straight one for loops of their own are not taken as a rule.
                aside = set()
                for i in range(begin, end):
                    if i in aside:
                        continue
                    target = re.search(r"\.L_x_\d+", out[i]["text"]) if out[i]["op"].startswith("BRA") and out[i]["predicate"] else None
                    to = labels.get(target.group(0), 0) if target else 0
                    if i < to < end and any(i < b and e <= to for b, e in every):
                        aside.update(range(i + 1, to))
                body = [out[i] for i in range(begin, end) if i not in aside]
                counts = collections.Counter(kind(x["op"]) for x in body)
                work = sum(counts[a] for a in ARITHMETIC)
                print(
                    f"  loop {out[begin]['at']:#x}: {len(body)} instructions, {work} arithmetic ({100 * work / len(body):.1f} %), "
                    f"stalls {sum(x['stall'] for x in body)}, predicated {sum(1 for x in body if x['predicate'])}, bank conflicts {bank_conflicts(body)}"
                )
                print("   ", ", ".join(f"{k} {v}" for k, v in counts.most_common()))
                other = collections.Counter(x["op"].split(".")[0] for x in body if kind(x["op"]) == "other")
                if other:
                    print("    other:", ", ".join(f"{k} {v}" for k, v in other.most_common()))
                if "--dump" in sys.argv:
                    for x in body:
                        print(f"      {x['at']:05x} s{x['stall']:<2} w{x['wait']:02x} {x['text']}")


main()
