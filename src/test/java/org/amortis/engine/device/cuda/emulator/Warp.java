package org.amortis.engine.device.cuda.emulator;

import java.util.Arrays;
import java.util.Map;

/// Up to 32 threads that execute the same instructions, each with registers of its own.
///
/// Where they part, those with the lower place in the text go on, until they are where others wait;
/// no program may depend on that (*independent thread scheduling*).
final class Warp {
  /// Lanes of a warp.
  static final int LANES = 32;

  /// What ended [#run].
  static final int BARRIER = 1;

  static final int END = 2;

  final Group group;
  final Code code;
  final int number;

  /// Registers: lane l of row d is element d + l.
  final int[] r;

  final long[] q;

  /// Predicates: a bit a lane.
  final int[] p;

  final LocalMemory local;

  /// The next instruction.
  int pc;

  private AsyncCopies copies;

  /// Lanes that execute now, lanes that are not at their end, and lanes there were at first.
  int mask;

  int live;
  final int born;

  /// Whether all that live execute now: results need no blending.
  boolean full;

  private int event;
  private int nextPc;
  private int splits;
  private final int[] splitPc = new int[2 * LANES];
  private final int[] splitMask = new int[2 * LANES];
  private final boolean[] splitWaits = new boolean[2 * LANES];

  Warp(Group group, Code code, int number, int threads) {
    this.group = group;
    this.code = code;
    this.number = number;
    int lanes = StrictMath.min(LANES, threads - LANES * number);
    born = lanes == LANES ? -1 : (1 << lanes) - 1;
    r = new int[code.rows32 * LANES];
    q = new long[code.rows64 * LANES];
    p = new int[code.predicates + 1];
    local = new LocalMemory(code);
    code.constantsP.forEach((value, row) -> p[row] = value);
    for (Map.Entry<Integer, Integer> e : code.constants32.entrySet()) {
      Arrays.fill(r, e.getValue(), e.getValue() + LANES, e.getKey());
    }
    for (Map.Entry<Long, Integer> e : code.constants64.entrySet()) {
      Arrays.fill(q, e.getValue(), e.getValue() + LANES, e.getKey());
    }
  }

  /// The thread of a lane, counted within the group.
  int thread(int lane) {
    return LANES * number + lane;
  }

  /// Copies that the threads have begun.
  AsyncCopies copies() {
    if (copies == null) {
      copies = new AsyncCopies();
      copies.reset(group.shared);
    }
    return copies;
  }

  /// Starts anew.
  void reset() {
    if (copies != null) {
      copies.reset(group.shared);
    }
    pc = 0;
    live = born;
    splits = 0;
    local.forget();
    take(born);
    nextPc = Integer.MAX_VALUE;
  }

  private void take(int lanes) {
    mask = lanes;
    full = mask == live;
  }

  /// Executes until all lanes are at a barrier or at the end.
  int run() {
    Step[] steps = code.steps;
    Counters counters = group.counters();
    event = 0;
    do {
      Step s = steps[pc++];
      if (counters != null) {
        counters.count(code, pc - 1, mask);
      }
      s.run(this);
      if (pc >= nextPc) {
        push(pc, mask, false);
        select();
      }
    } while (event == 0);
    return event;
  }

  /// Executes a step for some of the lanes.
  void runFor(int lanes, Step s) {
    int before = mask;
    take(lanes);
    s.run(this);
    take(before);
  }

  private void push(int at, int lanes, boolean waits) {
    splitPc[splits] = at;
    splitMask[splits] = lanes;
    splitWaits[splits++] = waits;
  }

  /// Sends lanes elsewhere; the others go on.
  void branch(int target, int taken) {
    if (taken == mask) {
      pc = target;
    } else if (taken != 0) {
      push(pc, mask & ~taken, false);
      push(target, taken, false);
      select();
    }
  }

  /// Goes on with the lanes that are at the lowest place and do not wait; when all wait, with all
  /// of them, which must then be at the same instruction.
  private void select() {
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < splits; i++) {
      if (!splitWaits[i]) {
        least = StrictMath.min(least, splitPc[i]);
      }
    }
    if (least == Integer.MAX_VALUE) {
      wake();
      return;
    }
    int lanes = 0;
    int kept = 0;
    nextPc = Integer.MAX_VALUE;
    for (int i = 0; i < splits; i++) {
      if (!splitWaits[i] && splitPc[i] == least) {
        lanes |= splitMask[i];
        continue;
      }
      if (!splitWaits[i]) {
        nextPc = StrictMath.min(nextPc, splitPc[i]);
      }
      splitPc[kept] = splitPc[i];
      splitMask[kept] = splitMask[i];
      splitWaits[kept++] = splitWaits[i];
    }
    splits = kept;
    pc = least;
    take(lanes);
  }

  private void wake() {
    for (int i = 1; i < splits; i++) {
      if (splitPc[i] != splitPc[0]) {
        throw fault(
            PtxFault.Kind.DIVERGENCE,
            Integer.numberOfTrailingZeros(splitMask[i]),
            splitPc[i],
            "waits here for other threads of the warp, which wait at " + code.steps[splitPc[0]]);
      }
    }
    pc = splitPc[0];
    splits = 0;
    nextPc = Integer.MAX_VALUE;
    take(live);
  }

  /// Whether all lanes that live have come to this step; if not, those that have wait, and the step
  /// is executed again when all are there. A step that says so must do nothing where this is false.
  boolean together() {
    if (full) {
      return true;
    }
    push(pc - 1, mask, true);
    select();
    return false;
  }

  /// The lanes that execute end here.
  void exit() {
    live &= ~mask;
    if (live == 0) {
      event = END;
    } else {
      select();
    }
  }

  /// Waits for the other warps of the group.
  void barrier() {
    event = BARRIER;
  }

  /// The results in row 0 become those of row `d` for the lanes that execute.
  void blend32(int d) {
    for (int m = mask; m != 0; m &= m - 1) {
      int l = Integer.numberOfTrailingZeros(m);
      r[d + l] = r[l];
    }
  }

  void blend64(int d) {
    for (int m = mask; m != 0; m &= m - 1) {
      int l = Integer.numberOfTrailingZeros(m);
      q[d + l] = q[l];
    }
  }

  /// A fault of a lane at the instruction that executes.
  PtxFault fault(PtxFault.Kind kind, int lane, String what) {
    return fault(kind, lane, pc - 1, what);
  }

  private PtxFault fault(PtxFault.Kind kind, int lane, int at, String what) {
    return new PtxFault(
        kind,
        code.name()
            + ", "
            + code.steps[at]
            + ", "
            + group.place()
            + ", thread "
            + group.thread(thread(lane))
            + ": "
            + what);
  }
}
