package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Buffer;
import org.amortis.engine.device.Executable;
import org.amortis.engine.op.Source;
import org.amortis.engine.plan.Aliases;
import org.amortis.engine.plan.Copies;
import org.amortis.engine.plan.Operations;
import org.amortis.engine.program.Print;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.Type;

/// A program as a list of prepared launches: bound once, then enqueued again and again without
/// allocation.
final class GpuExecutable implements Executable {
  private static final int FURTHER = 4;

  private final Program program;
  private final GpuDevice device;
  private final Driver driver;
  private final Aliases aliases;
  private final GpuProgram plan;
  private final Regions regions;
  private final Map<String, GpuBuffer> inputs = new LinkedHashMap<>();
  private final Map<String, Memory> owned = new HashMap<>();
  private final List<Prepared> prepared = new ArrayList<>();
  private final List<Prepared> launches = new ArrayList<>();
  private final Map<String, List<Use>> uses = new HashMap<>();
  private final Recording recording;
  private long runs;
  private boolean poison;
  private boolean closed;

  /// A parameter of a launch that brings an input.
  private record Use(Prepared launch, int parameter, int at) {}

  GpuExecutable(Program given, GpuDevice device, Driver driver, boolean reuse) {
    this.program = Copies.of(given);
    this.device = device;
    this.driver = driver;
    this.aliases = Aliases.of(program);
    GpuProgram wide = GpuProgram.of(program, aliases, reuse, driver.joins(), driver);
    Regions room;
    try {
      room = new Regions(program, wide, device, driver, reuse);
    } catch (Failure e) {
      if (!reuse || !e.shortOfMemory()) {
        throw e;
      }
      wide = GpuProgram.of(program, aliases, true, Joining.APART, driver);
      room = new Regions(program, wide, device, driver, true);
    }
    this.plan = wide;
    this.regions = room;
    this.recording = new Recording(driver, launches);
    try {
      prepare();
    } catch (RuntimeException | Error e) {
      release();
      throw e;
    }
  }

  private String inputLabel(Place p) {
    return p.value() != null
            && program.nodes().get(p.value().node()).op() instanceof Source.Input in
        ? in.label()
        : null;
  }

  /// Binds every launch; inputs get their memory when the program first needs it.
  private void prepare() {
    for (LaunchList.Launch l : plan.list().launches) {
      Object[] arguments = l.arguments().toArray();
      List<Runnable> later = new ArrayList<>();
      Prepared[] made = new Prepared[1];
      for (int i = 0; i < arguments.length; i++) {
        if (arguments[i] instanceof Place p) {
          String label = inputLabel(p);
          if (label == null) {
            arguments[i] = regions.of(p);
          } else {
            int parameter = i;
            arguments[i] = regions.placeholder(p);
            later.add(() ->
                uses.computeIfAbsent(label, k -> new ArrayList<>())
                    .add(new Use(made[0], parameter, p.at())));
          }
        }
      }
      made[0] = driver.prepare(l.kernel(), l.grid(), arguments);
      prepared.add(made[0]);
      later.forEach(Runnable::run);
    }
    launches.addAll(prepared.subList(0, plan.list().single()));
  }

  @Override
  public Program program() {
    return program;
  }

  private Type inputType(String label) {
    Program.Node n = program.inputs().get(label);
    if (n == null) {
      throw new IllegalArgumentException(
          "no input " + label + "; there are " + program.inputs().keySet());
    }
    return n.types().getFirst();
  }

  @Override
  public Buffer input(String label) {
    Type type = inputType(label);
    GpuBuffer known = inputs.get(label);
    if (known == null) {
      long bytes = StrictMath.max(4, (long) type.size() * type.dtype().bytes());
      Memory memory = device.room(bytes);
      owned.put(label, memory);
      driver.fill(memory, 0, bytes, 0);
      known = new GpuBuffer(driver, type, memory, 0);
      point(label, known);
    }
    return known;
  }

  private void point(String label, GpuBuffer buffer) {
    inputs.put(label, buffer);
    recording.forget();
    for (Use u : uses.getOrDefault(label, List.of())) {
      u.launch.set(u.parameter, buffer.memory, buffer.at + u.at);
    }
  }

  @Override
  public void attach(String label, Buffer buffer) {
    Type type = inputType(label);
    if (!(buffer instanceof GpuBuffer b) || b.driver() != driver || !b.type().equals(type)) {
      throw new IllegalArgumentException(
          "input "
              + label
              + " needs a buffer of "
              + type
              + " on "
              + device.name()
              + ", found "
              + buffer.type());
    }
    Memory old = owned.remove(label);
    point(label, b);
    if (old != null) {
      driver.finish();
      old.close();
    }
  }

  @Override
  public Buffer output(String label) {
    Program.Value v = program.outputs().get(label);
    if (v == null) {
      throw new IllegalArgumentException(
          "no output " + label + "; there are " + program.outputs().keySet());
    }
    Place p = plan.place(v);
    String input = inputLabel(p);
    if (input != null) {
      GpuBuffer b = (GpuBuffer) input(input);
      return new GpuBuffer(driver, program.type(v), b.memory, b.at + p.at());
    }
    Argument.Buffer a = regions.of(p);
    return new GpuBuffer(driver, program.type(v), a.memory(), a.at());
  }

  /// From now on fills intermediate memory with NaN before each run; for tests.
  void poisonDeadMemory() {
    poison = true;
  }

  @Override
  public void run() {
    run(1);
  }

  @Override
  public void run(int times) {
    if (closed) {
      throw new IllegalStateException("program " + program.name() + " is closed");
    }
    if (inputs.size() < program.inputs().size()) {
      program.inputs().keySet().forEach(this::input);
    }
    runs += times;
    if (!plan.list().wholes.isEmpty()) {
      runWhole(times);
      return;
    }
    if (!poison) {
      recording.run(times);
      return;
    }
    for (int i = 0; i < times; i++) {
      regions.poison();
      launches.forEach(Prepared::enqueue);
    }
  }

  /// As few launches of several runs each as there are.
  private void runWhole(int times) {
    int left = times;
    for (LaunchList.Whole w : plan.list().wholes) {
      for (; left >= w.times(); left -= w.times()) {
        if (poison) {
          regions.poison();
        }
        prepared.subList(w.from(), w.to()).forEach(Prepared::enqueue);
      }
    }
  }

  @Override
  public void finish() {
    driver.finish();
  }

  @Override
  public String explain() {
    StringBuilder s = new StringBuilder();
    int index = 0;
    Set<Program.Node> counted = new HashSet<>();
    for (LaunchList.Launch l : plan.list().launches) {
      double micros = runs == 0 ? 0 : prepared.get(index).nanos() * 1e-3 / runs;
      long work = 0;
      for (Program.Node n : l.nodes()) {
        work += counted.add(n) ? Operations.of(program, n) : 0;
      }
      s.append(
          String.format(
              Locale.ROOT,
              "%4d  %-44s %-26s %12d flop  %s%s%n",
              index++,
              l.kernel(),
              l.grid(),
              work,
              micros > 0 ? String.format(Locale.ROOT, "%9.2f us  ", micros) : "",
              ops(l)));
    }
    int single = launches.size();
    return s.append(
            single == 0
                ? ""
                : "launches: "
                    + single
                    + " a run, "
                    + order(1).longest()
                    + " of them one after the other, "
                    + further()
                    + " in each of many runs"
                    + whole()
                    + "\n")
        .append(regions.explain())
        .toString();
  }

  /// What a launch computes, equal ops counted.
  private static String ops(LaunchList.Launch l) {
    Map<String, Integer> times = new LinkedHashMap<>();
    l.nodes().forEach(n -> times.merge(Print.op(n.op()), 1, Integer::sum));
    return times.entrySet().stream()
        .map(e -> (e.getValue() > 1 ? e.getValue() + " x " : "") + e.getKey())
        .collect(Collectors.joining(", "));
  }

  /// What several runs at once take.
  private String whole() {
    if (plan.list().wholes.isEmpty()) {
      return "";
    }
    LaunchList.Whole most = plan.list().wholes.getFirst();
    return "; " + (most.to() - most.from()) + " for " + most.times() + " runs at once";
  }

  /// Launches that each run adds to the longest path of many.
  private int further() {
    return (order(1 + FURTHER).longest() - order(1).longest()) / FURTHER;
  }

  /// Which launches of so many runs must wait for which, in the memory they have got.
  Dependencies order(int times) {
    List<List<Access>> all = new ArrayList<>();
    Map<String, String> memory = new HashMap<>();
    for (LaunchList.Launch l : plan.list().launches.subList(0, launches.size())) {
      List<Object> arguments = new ArrayList<>();
      for (Object o : l.arguments()) {
        boolean own = o instanceof Place p && inputLabel(p) == null;
        arguments.add(own ? regions.of((Place) o) : o);
      }
      all.add(
          Access.of(
              l.kernel(), arguments, p -> memory.computeIfAbsent(inputLabel(p), label -> label)));
    }
    return Dependencies.of(all, times);
  }

  private void release() {
    recording.close();
    prepared.forEach(Prepared::close);
    owned.values().forEach(Memory::close);
    owned.clear();
    regions.close();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    device.settle();
    release();
    device.forget(this);
  }
}
