package org.amortis.engine.device.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.amortis.engine.op.Source;
import org.amortis.engine.plan.MemoryPlan;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;

/// Memory of a program's intermediate values: one region an element type, packed by phases.
record Layout(
    Map<Program.Value, CpuBuffer> buffers, Map<DType, MemoryPlan> plans, long[] elements) {

  static Layout of(
      Program p,
      List<List<Launch>> phases,
      Function<Program.Value, Program.Value> root,
      Set<Program.Value> kept,
      boolean reuse) {
    Map<Program.Value, int[]> lives = new LinkedHashMap<>();
    for (int t = 0; t < phases.size(); t++) {
      for (Launch l : phases.get(t)) {
        for (Launch.Read r : l.reads) {
          touch(lives, root.apply(r.value()), t);
        }
        for (Program.Value v : l.writes) {
          touch(lives, root.apply(v), t);
        }
      }
    }
    lives.keySet().removeIf(v -> p.nodes().get(v.node()).op() instanceof Source);
    List<Program.Value> values = new ArrayList<>(lives.keySet());
    Map<Program.Value, Program.Value> slot = Slots.of(p, phases, root, kept, values);
    if (reuse) {
      for (Program.Value v : values) {
        int[] life = lives.get(slot.get(v));
        life[0] = StrictMath.min(life[0], lives.get(v)[0]);
        life[1] = StrictMath.max(life[1], lives.get(v)[1]);
      }
    }
    long[] apart = new long[DType.values().length];
    Map<Program.Value, CpuBuffer> buffers = new HashMap<>();
    Map<DType, MemoryPlan> plans = new LinkedHashMap<>();
    for (DType dtype : DType.values()) {
      List<MemoryPlan.Life> wanted = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        Type type = p.type(values.get(i));
        int[] life = lives.get(values.get(i));
        if (type.dtype() != dtype) {
          continue;
        }
        apart[dtype.ordinal()] += type.size();
        if (!reuse || slot.get(values.get(i)).equals(values.get(i))) {
          int last = kept.contains(values.get(i)) ? phases.size() : life[1];
          wanted.add(new MemoryPlan.Life(i, type.size(), life[0], last));
        }
      }
      MemoryPlan plan = MemoryPlan.of(wanted, reuse);
      plans.put(dtype, plan);
      Type region = new Type(dtype, org.amortis.engine.shape.Shape.of(plan.size()));
      CpuBuffer all = new CpuBuffer(region);
      for (MemoryPlan.Placed placed : plan.placed()) {
        Program.Value v = values.get(placed.life().id());
        buffers.put(v, new CpuBuffer(p.type(v), all.f, all.d, all.i, placed.offset()));
      }
    }
    if (reuse) {
      for (Program.Value v : values) {
        buffers.put(v, buffers.get(slot.get(v)).as(p.type(v)));
      }
    }
    return new Layout(buffers, plans, apart);
  }

  private static void touch(Map<Program.Value, int[]> lives, Program.Value v, int time) {
    int[] life = lives.computeIfAbsent(v, k -> new int[] {time, time});
    life[1] = StrictMath.max(life[1], time);
  }

  /// Makes all intermediate values NaN, integers the least one.
  void poison() {
    for (CpuBuffer b : buffers.values()) {
      int end = b.offset + b.type().size();
      switch (b.type().dtype()) {
        case FLOAT32 -> Arrays.fill(b.f, b.offset, end, Float.NaN);
        case FLOAT64 -> Arrays.fill(b.d, b.offset, end, Double.NaN);
        case INT32 -> Arrays.fill(b.i, b.offset, end, Integer.MIN_VALUE);
      }
    }
  }

  /// Bytes of each region and how many buffers share it.
  String explain() {
    StringBuilder s = new StringBuilder();
    plans.forEach((dtype, plan) -> {
      long apart = elements[dtype.ordinal()];
      if (apart > 0) {
        s.append("work ").append(dtype).append(": ").append(plan.placed().size());
        s.append(" buffers, ").append(apart * dtype.bytes()).append(" bytes apart, ");
        s.append((long) plan.size() * dtype.bytes()).append(" bytes packed\n");
      }
    });
    return s.toString();
  }
}
