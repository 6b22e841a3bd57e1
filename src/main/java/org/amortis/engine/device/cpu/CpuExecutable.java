package org.amortis.engine.device.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.amortis.engine.device.Buffer;
import org.amortis.engine.device.Executable;
import org.amortis.engine.op.Source;
import org.amortis.engine.plan.Aliases;
import org.amortis.engine.plan.Copies;
import org.amortis.engine.plan.Fusion;
import org.amortis.engine.plan.InPlace;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.Type;

/// A program as a list of launches in phases; within a phase no thread waits for another.
final class CpuExecutable implements Executable {
  /// Whether the time that the first thread spends in each launch is summed, for [#explain].
  private static final boolean PROFILE = Boolean.getBoolean("amortis.profile");

  private final Program program;
  private final Team team;
  private final Aliases aliases;
  private final Map<Program.Value, Ref> refs = new HashMap<>();
  private final Map<Program.Value, List<Ref>> refsByRoot = new HashMap<>();
  private final Map<String, CpuBuffer> inputs = new LinkedHashMap<>();
  private final Map<String, CpuBuffer> outputs = new LinkedHashMap<>();
  private final Map<Program.Value, Program.Value> inPlace;
  private final List<Launch[]> phases;
  private final Layout layout;
  private long runs;
  private boolean poison;

  CpuExecutable(Program given, Team team, boolean reuse) {
    this.program = Copies.of(given);
    this.team = team;
    this.aliases = Aliases.of(this.program);
    List<Fusion.Step> steps = new ArrayList<>();
    for (Fusion.Step s : Fusion.of(program, reuse)) {
      if (!aliases.free(s.last())) {
        steps.add(s);
      }
    }
    inPlace = InPlace.of(program, aliases, steps);
    Set<Integer> stored = Fusion.stored(program, steps);
    List<Launch> launches = new ArrayList<>();
    for (Fusion.Step s : steps) {
      launches.add(lower(s, stored));
    }
    program
        .updates()
        .forEach((label, v) -> {
          Program.Value state = new Program.Value(program.inputs().get(label).id(), 0);
          Program.Value from = aliases.of(v).root();
          if (!from.equals(state) && !state.equals(inPlace.get(from))) {
            launches.add(Call.update(label, v, state, ref(v), ref(state)));
          }
        });
    List<List<Launch>> grouped =
        Phases.of(launches, this::root, v -> aliases.of(v).offset(), v -> program.type(v).size());
    phases = grouped.stream().map(l -> l.toArray(Launch[]::new)).toList();
    layout = allocate(grouped, reuse);
    program.outputs().forEach((k, v) -> outputs.put(k, view(program.type(v), v)));
  }

  /// The value whose memory a value lies in, updates in place included.
  private Program.Value root(Program.Value v) {
    Program.Value r = aliases.of(v).root();
    return inPlace.getOrDefault(r, r);
  }

  private Ref ref(Program.Value v) {
    return refs.computeIfAbsent(
        v,
        k -> {
          Ref r = new Ref(program.type(v), null, aliases.of(v).offset());
          refsByRoot.computeIfAbsent(root(v), x -> new ArrayList<>()).add(r);
          return r;
        });
  }

  private Launch lower(Fusion.Step step, Set<Integer> stored) {
    Program.Node n = step.last();
    return Lowerings.of(program, step, this::ref, aliases, stored);
  }

  private Layout allocate(List<List<Launch>> grouped, boolean reuse) {
    for (Program.Node n : program.nodes()) {
      Program.Value v = new Program.Value(n.id(), 0);
      switch (n.op()) {
        case Source.Input in -> {
          CpuBuffer b = new CpuBuffer(in.type());
          inputs.put(in.label(), b);
          point(v, b);
        }
        case Source.Constant c -> {
          CpuBuffer b = new CpuBuffer(n.types().getFirst());
          b.write(c.value());
          point(v, b);
        }
        case Source.Table t -> {
          CpuBuffer b = new CpuBuffer(t.type());
          b.write(t.values());
          point(v, b);
        }
        default -> {}
      }
    }
    Set<Program.Value> kept = new HashSet<>();
    program.outputs().values().forEach(v -> kept.add(root(v)));
    program.updates().values().forEach(v -> kept.add(root(v)));
    Layout plan = Layout.of(program, grouped, this::root, kept, reuse);
    plan.buffers().forEach(this::point);
    return plan;
  }

  private void point(Program.Value root, CpuBuffer buffer) {
    for (Ref r : refsByRoot.getOrDefault(root, List.of())) {
      r.point(buffer);
    }
  }

  /// A result as a buffer of its own type, wherever it lies.
  private CpuBuffer view(Type type, Program.Value v) {
    Ref r = refs.get(v);
    if (r == null) {
      r = ref(v);
      CpuBuffer b = bufferOf(root(v));
      r.point(b);
    }
    return new CpuBuffer(type, r.f32(), r.f64(), r.i(), r.at());
  }

  private CpuBuffer bufferOf(Program.Value root) {
    CpuBuffer planned = layout.buffers().get(root);
    if (planned != null) {
      return planned;
    }
    Program.Node n = program.nodes().get(root.node());
    if (n.op() instanceof Source.Input in) {
      return inputs.get(in.label());
    }
    CpuBuffer b = new CpuBuffer(n.types().get(root.output()));
    b.write(n.op().evaluate(List.of(), List.of()).getFirst());
    return b;
  }

  @Override
  public Program program() {
    return program;
  }

  private static CpuBuffer find(Map<String, CpuBuffer> from, String label, String kind) {
    CpuBuffer b = from.get(label);
    if (b == null) {
      throw new IllegalArgumentException(
          "no " + kind + " " + label + "; there are " + from.keySet());
    }
    return b;
  }

  @Override
  public Buffer input(String label) {
    return find(inputs, label, "input");
  }

  @Override
  public Buffer output(String label) {
    return find(outputs, label, "output");
  }

  @Override
  public void attach(String label, Buffer buffer) {
    CpuBuffer old = find(inputs, label, "input");
    if (!(buffer instanceof CpuBuffer b) || !b.type().equals(old.type())) {
      throw new IllegalArgumentException(
          "input " + label + " needs a cpu buffer of " + old.type() + ", found " + buffer.type());
    }
    inputs.put(label, b);
    Program.Value state = new Program.Value(program.inputs().get(label).id(), 0);
    point(state, b);
    program
        .outputs()
        .forEach((k, v) -> {
          if (root(v).equals(state)) {
            outputs.put(k, view(program.type(v), v));
          }
        });
  }

  /// From now on fills the memory between programs' launches with NaN before each run, so that a
  /// value read before it is written shows; for tests.
  void poisonDeadMemory() {
    poison = true;
  }

  @Override
  public void run() {
    if (poison) {
      layout.poison();
    }
    runs++;
    team.run(this::work);
  }

  private void work(Worker w) {
    for (int p = 0; p < phases.size(); p++) {
      if (p > 0) {
        w.barrier();
      }
      for (Launch l : phases.get(p)) {
        int from = l.split == Launch.Split.SINGLE ? 0 : w.from(l.items);
        int to = l.split == Launch.Split.SINGLE ? (w.index == 0 ? l.items : 0) : w.to(l.items);
        if (from < to && !w.failed()) {
          try {
            if (PROFILE && w.index == 0) {
              long started = System.nanoTime();
              l.run(from, to, w);
              l.nanos += System.nanoTime() - started;
            } else {
              l.run(from, to, w);
            }
          } catch (Throwable e) {
            w.fail(e);
          }
        }
      }
    }
  }

  @Override
  public String explain() {
    StringBuilder s = new StringBuilder();
    int index = 0;
    for (Launch[] phase : phases) {
      s.append("phase ").append(index++).append('\n');
      for (Launch l : phase) {
        s.append(
            String.format(
                Locale.ROOT,
                "  %-7s %8d  %12d flop  %s%s%n",
                l.split.name().toLowerCase(Locale.ROOT),
                l.items,
                l.flops,
                PROFILE && runs > 0
                    ? String.format(Locale.ROOT, "%9.2f us  ", l.nanos * 1e-3 / runs)
                    : "",
                l.name));
      }
    }
    return s.append(layout.explain()).toString();
  }

  @Override
  public void close() {}
}
