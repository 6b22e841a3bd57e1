package org.amortis.engine.device.cuda.emulator;

import java.util.Map;
import java.util.SplittableRandom;

/// A group of threads (a block) with its shared memory: one after the other takes the places of a
/// launch.
final class Group {
  private final Machine machine;
  private final Code code;
  private final int[] grid;
  private final int[] items;
  private final Warp[] warps;
  private final int[] place = new int[3];

  final SharedMemory shared;

  /// Values of the parameters as bits.
  final long[] parameters;

  /// Launch, group and barriers passed: what a thread's accesses are marked with (see [Marks]).
  long mark;

  private int passed;

  Group(Machine machine, Code code, int[] grid, int[] items, long[] parameters) {
    this.machine = machine;
    this.code = code;
    this.grid = grid;
    this.items = items;
    this.parameters = parameters;
    this.shared = new SharedMemory(code);
    int threads = items[0] * items[1] * items[2];
    warps = new Warp[(threads + Warp.LANES - 1) / Warp.LANES];
    for (int i = 0; i < warps.length; i++) {
      warps[i] = new Warp(this, code, i, threads);
      for (Map.Entry<String, Integer> e : code.special.entrySet()) {
        for (int l = 0; l < Warp.LANES; l++) {
          warps[i].r[e.getValue() + l] = special(e.getKey(), warps[i].thread(l));
        }
      }
    }
  }

  private int special(String name, int thread) {
    int axis = name.charAt(name.length() - 1) - 'x';
    return switch (name.split("\\.")[0]) {
      case "%tid" -> thread(thread, axis);
      case "%ntid" -> items[axis];
      case "%ctaid" -> place[axis];
      case "%nctaid" -> grid[axis];
      case "%laneid" -> thread % Warp.LANES;
      default -> throw new PtxFault(PtxFault.Kind.UNKNOWN, "special register " + name);
    };
  }

  private int thread(int n, int axis) {
    return switch (axis) {
      case 0 -> n % items[0];
      case 1 -> n / items[0] % items[1];
      default -> n / items[0] / items[1];
    };
  }

  Memory memory() {
    return machine.memory;
  }

  /// Whether another launch may run at the same time as this one.
  boolean beside(long launch) {
    return machine.beside(launch);
  }

  Counters counters() {
    return machine.counters;
  }

  /// For messages.
  String place() {
    return "block (" + place[0] + "," + place[1] + "," + place[2] + ")";
  }

  /// For messages.
  String thread(int n) {
    return "(" + thread(n, 0) + "," + thread(n, 1) + "," + thread(n, 2) + ")";
  }

  /// Executes one group of the launch; its warps go on in an order that the numbers give.
  void run(int n, long launch, SplittableRandom order) {
    place[0] = n % grid[0];
    place[1] = n / grid[0] % grid[1];
    place[2] = n / grid[0] / grid[1];
    passed = 0;
    mark = Marks.of(launch, n, passed);
    for (Warp w : warps) {
      for (Map.Entry<String, Integer> e : code.special.entrySet()) {
        if (e.getKey().startsWith("%ctaid")) {
          int value = special(e.getKey(), 0);
          java.util.Arrays.fill(w.r, e.getValue(), e.getValue() + Warp.LANES, value);
        }
      }
      w.reset();
    }
    while (true) {
      int first = order.nextInt(warps.length);
      int step = order.nextBoolean() ? 1 : warps.length - 1;
      int events = 0;
      for (int i = 0, at = first; i < warps.length; i++, at = (at + step) % warps.length) {
        events |= warps[at].run();
      }
      if (events == Warp.END) {
        return;
      }
      meet();
      mark = Marks.of(launch, n, ++passed);
    }
  }

  /// Checks that all threads are at the same barrier.
  private void meet() {
    for (Warp w : warps) {
      if (w.live != w.born) {
        Warp other = w;
        for (Warp v : warps) {
          other = v.live == 0 ? other : v;
        }
        int gone = Integer.numberOfTrailingZeros(w.born & ~w.live);
        throw other.fault(
            PtxFault.Kind.DIVERGENCE,
            Integer.numberOfTrailingZeros(other.live),
            "waits for thread " + thread(w.thread(gone)) + ", which has ended");
      }
      if (w.pc != warps[0].pc) {
        throw w.fault(
            PtxFault.Kind.DIVERGENCE,
            0,
            "waits here, others of the group at " + code.steps[warps[0].pc - 1]);
      }
    }
  }
}
