package org.amortis.engine.device.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amortis.engine.Failure;
import org.amortis.engine.op.Source;
import org.amortis.engine.plan.MemoryPlan;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;

/// Memory of a bound program: constants and tables, and intermediate values packed by the launches
/// they live in.
///
/// Everything starts at a multiple of [Driver#ALIGNMENT]; planning counts in words of 8 bytes.
final class Regions implements AutoCloseable {
  private static final int WORD = Driver.ALIGNMENT / MemoryPlan.ALIGNMENT;

  private final Driver driver;
  private final Map<Place, Argument.Buffer> places = new HashMap<>();
  private final Map<Place, Long> elements = new LinkedHashMap<>();
  private final MemoryPlan packed;
  private MemoryPlan work;
  private final long apart;
  private final long constantBytes;
  private Memory constants;
  private Memory values;

  Regions(Program p, GpuProgram plan, GpuDevice device, Driver driver, boolean reuse) {
    this.driver = driver;
    Map<Place, int[]> lives = lives(p, plan);
    List<Place> order = new ArrayList<>(lives.keySet());
    List<MemoryPlan.Life> wanted = new ArrayList<>();
    long total = 0;
    for (int i = 0; i < order.size(); i++) {
      Place place = order.get(i);
      int[] life = lives.get(place);
      long words = words(size(p, plan, place), place.dtype());
      total += words * WORD;
      wanted.add(new MemoryPlan.Life(i, Math.toIntExact(words), life[0], life[1]));
    }
    apart = total;
    packed = MemoryPlan.of(wanted, reuse);
    work = reuse && driver.branches() ? branched(p, plan, wanted, order) : packed;
    List<LaunchList.Table> tables = new ArrayList<>();
    List<Long> starts = new ArrayList<>();
    constantBytes = constants(p, plan, tables, starts);
    allocate(device, tables, starts);
    for (MemoryPlan.Placed m : work.placed()) {
      Place place = order.get(m.life().id());
      places.put(
          place,
          new Argument.Buffer(
              values, Math.toIntExact((long) m.offset() * WORD / place.dtype().bytes())));
    }
  }

  /// Memory shared only where this makes no launch wait; all that can be shared where such a plan
  /// would be out of an int's reach.
  private MemoryPlan branched(
      Program p, GpuProgram plan, List<MemoryPlan.Life> wanted, List<Place> order) {
    if (apart > Integer.MAX_VALUE) {
      return packed;
    }
    Sharing sharing = new Sharing(plan.list(), place -> base(p, place));
    int end = plan.list().launches.size();
    return MemoryPlan.of(
        wanted,
        (a, b) ->
            !(a.last() < end && sharing.ordered(order.get(a.id()), order.get(b.id()))
                || b.last() < end && sharing.ordered(order.get(b.id()), order.get(a.id()))));
  }

  private static long words(long size, DType type) {
    return (size * type.bytes() + WORD - 1) / WORD;
  }

  private static long size(Program p, GpuProgram plan, Place place) {
    return place.value() != null
        ? p.type(place.value()).size()
        : plan.list().scratch.get(place.number()).elements();
  }

  /// First and last launch of every value and scratch; results live on.
  private static Map<Place, int[]> lives(Program p, GpuProgram plan) {
    Map<Place, int[]> lives = new LinkedHashMap<>();
    List<LaunchList.Launch> launches = plan.list().launches;
    for (int t = 0; t < launches.size(); t++) {
      for (Object o : launches.get(t).arguments()) {
        if (o instanceof Place place && !place.table() && !source(p, place)) {
          int time = t;
          lives.computeIfAbsent(base(p, place), k -> new int[] {time, time})[1] = time;
        }
      }
    }
    Set<Program.Value> kept = new HashSet<>(p.outputs().values());
    for (Program.Value v : kept) {
      Place place = plan.place(v);
      if (!source(p, place)) {
        // A result of no elements is written by nobody.
        lives.computeIfAbsent(base(p, place), k -> new int[] {0, 0})[1] = launches.size();
      }
    }
    return lives;
  }

  /// The whole value in its own type: parts of a value may be of the same memory only.
  private static Place base(Program p, Place place) {
    return place.value() == null
        ? place.base()
        : Place.of(p.type(place.value()).dtype(), place.value(), 0, -1);
  }

  private static boolean source(Program p, Place place) {
    return place.value() != null && p.nodes().get(place.value().node()).op() instanceof Source;
  }

  /// Constants of the program and tables of the launches, each with its start in bytes.
  private long constants(
      Program p, GpuProgram plan, List<LaunchList.Table> tables, List<Long> starts) {
    long at = 0;
    for (Program.Node n : p.nodes()) {
      if (n.op() instanceof Source s && !(s instanceof Source.Input)) {
        Type t = n.types().getFirst();
        LaunchList.Table table =
            new LaunchList.Table(t.dtype(), s.evaluate(List.of(), List.of()).getFirst());
        at =
            add(
                Place.of(t.dtype(), new Program.Value(n.id(), 0), 0, -1),
                table,
                at,
                tables,
                starts);
      }
    }
    for (int i = 0; i < plan.list().tables.size(); i++) {
      LaunchList.Table table = plan.list().tables.get(i);
      at = add(Place.table(table.dtype(), i, -1), table, at, tables, starts);
    }
    return at;
  }

  private long add(
      Place place,
      LaunchList.Table table,
      long at,
      List<LaunchList.Table> tables,
      List<Long> starts) {
    tables.add(table);
    starts.add(at);
    elements.put(place, at / place.dtype().bytes());
    return align(at + (long) table.size() * table.dtype().bytes());
  }

  private static long align(long bytes) {
    return (bytes + Driver.ALIGNMENT - 1) / Driver.ALIGNMENT * Driver.ALIGNMENT;
  }

  /// All constants travel in one write to the start of their memory.
  private void allocate(GpuDevice device, List<LaunchList.Table> tables, List<Long> starts) {
    int size = Math.toIntExact(StrictMath.max(Driver.ALIGNMENT, constantBytes));
    ByteBuffer bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    for (int i = 0; i < tables.size(); i++) {
      bytes.position(Math.toIntExact(starts.get(i)));
      put(tables.get(i), bytes);
    }
    try {
      constants = device.room(size);
      values = room(device);
      driver.write(constants, 0, bytes.clear());
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    elements.forEach(
        (place, at) -> places.put(place, new Argument.Buffer(constants, Math.toIntExact(at))));
  }

  /// Memory for the values; packed closely where there is no room for more.
  private Memory room(GpuDevice device) {
    try {
      return device.room(workBytes());
    } catch (Failure e) {
      if (work == packed || !e.shortOfMemory()) {
        throw e;
      }
      work = packed;
      return device.room(workBytes());
    }
  }

  private long workBytes() {
    return StrictMath.max(Driver.ALIGNMENT, (long) work.size() * WORD);
  }

  private static void put(LaunchList.Table t, ByteBuffer b) {
    for (int i = 0; i < t.size(); i++) {
      double v = t.values() instanceof int[] n ? n[i] : ((double[]) t.values())[i];
      switch (t.dtype()) {
        case FLOAT32 -> b.putFloat((float) v);
        case FLOAT64 -> b.putDouble(v);
        case INT32 -> b.putInt((int) v);
      }
    }
  }

  /// Where a place that is no input lies.
  Argument.Buffer of(Place place) {
    Argument.Buffer b = places.get(place.base());
    return new Argument.Buffer(b.memory(), b.at() + place.at(), place.extent(), place.read());
  }

  /// Something to bind where an input will stand.
  Argument.Buffer placeholder(Place place) {
    return new Argument.Buffer(constants, 0, place.extent(), place.read());
  }

  /// Makes all intermediate values NaN, integers a number out of any range.
  void poison() {
    driver.fill(values, 0, workBytes(), 0xFFF80001);
  }

  String explain() {
    return "constants and tables: "
        + constantBytes
        + " bytes\nwork: "
        + work.placed().size()
        + " buffers, "
        + apart
        + " bytes apart, "
        + (long) work.size() * WORD
        + " bytes packed\n";
  }

  @Override
  public void close() {
    if (values != null) {
      values.close();
    }
    if (constants != null) {
      constants.close();
    }
  }
}
