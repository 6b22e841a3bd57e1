package org.amortis.engine.device.cuda.emulator;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// Executes launches one after the other.
///
/// Groups run one at a time, in a shuffled order that is the same in every run, because no order is
/// promised. What threads do to each other without a barrier is a fault wherever it is seen, so the
/// order in which lanes and warps run decides nothing else.
public final class Machine {
  /// Threads that a group may have.
  private static final int MOST_THREADS = 1024;

  final Memory memory;
  private final SplittableRandom order = new SplittableRandom(1);
  private long launch = Marks.FIRST;

  /// The first launch of the graph that runs, and those of its launches that the current one waits
  /// for.
  private long graph = Marks.LAST;

  private BitSet waited;

  /// Where to count, or `null`.
  Counters counters;

  /// A machine with memory of its own.
  public Machine(Memory memory) {
    this.memory = memory;
  }

  /// Counts from now on; `null` ends counting.
  public void count(Counters into) {
    counters = into;
  }

  /// Executes a kernel that may touch nothing but these parts of memory.
  ///
  /// @param parts `null` for all memory
  public void launch(
      Code code, int[] grid, int[] items, List<Memory.Part> parts, Object... arguments) {
    memory.watch(parts);
    try {
      launch(code, grid, items, arguments);
    } finally {
      memory.watch(null);
    }
  }

  /// Executes a kernel.
  ///
  /// @param grid groups along x, y and z
  /// @param items threads of a group along x, y and z
  /// @param arguments [Memory.Allocation], `Integer`, `Float` and `Double`
  /// @throws PtxFault for what a kernel must not do
  public void launch(Code code, int[] grid, int[] items, Object... arguments) {
    check(code, grid, items);
    if (counters != null) {
      counters.launch();
    }
    long[] parameters = parameters(code, arguments);
    if (launch > Marks.LAST) {
      launch = Marks.FIRST;
      memory.age();
    }
    int n = grid[0] * grid[1] * grid[2];
    int[] places = new int[n];
    for (int i = 0; i < n; i++) {
      int j = order.nextInt(i + 1);
      places[i] = places[j];
      places[j] = i;
    }
    Group group = new Group(this, code, grid, items, parameters);
    for (int place : places) {
      group.run(place, launch, order);
    }
    launch++;
  }

  /// Begins a graph: launches that follow are numbered from 0 and run at the same time as others of
  /// it, except for those that [#after] names.
  public void beginGraph(int launches) {
    if (launch + launches > Marks.LAST) {
      launch = Marks.FIRST;
      memory.age();
    }
    graph = launch;
  }

  /// The launches of the graph that the next one waits for.
  public void after(BitSet launches) {
    waited = launches;
  }

  /// Launches since the graph began.
  public int launched() {
    return (int) (launch - graph);
  }

  /// Ends a graph.
  public void endGraph() {
    graph = Marks.LAST;
  }

  boolean beside(long other) {
    return other >= graph && other < launch && !waited.get((int) (other - graph));
  }

  private static PtxFault refuse(Code code, String why, Object... values) {
    return new PtxFault(
        PtxFault.Kind.LAUNCH, code.name() + ": " + String.format(Locale.ROOT, why, values));
  }

  private static void check(Code code, int[] grid, int[] items) {
    int threads = items[0] * items[1] * items[2];
    if (threads > MOST_THREADS || items[2] > 64) {
      throw refuse(code, "%d x %d x %d threads", items[0], items[1], items[2]);
    }
    if (grid[1] > 65535
        || grid[2] > 65535
        || (long) grid[0] * grid[1] * grid[2] > Marks.MOST_GROUPS) {
      throw refuse(code, "%d x %d x %d groups", grid[0], grid[1], grid[2]);
    }
    int[] need = code.entry.required();
    if (need != null && (need[0] != items[0] || need[1] != items[1] || need[2] != items[2])) {
      throw refuse(code, "%d threads, .reqntid is %d", threads, need[0] * need[1] * need[2]);
    }
    int[] most = code.entry.most();
    if (most != null && threads > most[0] * most[1] * most[2]) {
      throw refuse(code, "%d threads, .maxntid is %d", threads, most[0] * most[1] * most[2]);
    }
    if (code.sharedBytes > Code.MOST_SHARED) {
      throw refuse(code, "%d bytes of shared memory", code.sharedBytes);
    }
  }

  private static long[] parameters(Code code, Object[] arguments) {
    List<String> types = code.parameterTypes();
    if (types.size() != arguments.length) {
      throw refuse(code, "%d arguments for %d parameters", arguments.length, types.size());
    }
    long[] bits = new long[arguments.length];
    for (int i = 0; i < bits.length; i++) {
      String wanted =
          switch (arguments[i]) {
            case Memory.Allocation a -> {
              bits[i] = a.base;
              yield ".u64";
            }
            case Integer n -> {
              bits[i] = n;
              yield ".u32";
            }
            case Float f -> {
              bits[i] = Float.floatToRawIntBits(f);
              yield ".f32";
            }
            case Double d -> {
              bits[i] = Double.doubleToRawLongBits(d);
              yield ".f64";
            }
            default -> arguments[i].getClass().getSimpleName();
          };
      if (!wanted.equals(types.get(i))) {
        throw refuse(code, "argument %d is %s, the parameter %s", i, arguments[i], types.get(i));
      }
    }
    return bits;
  }
}
