package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.amortis.engine.shape.DType;

/// Joins launches that go through the rows of a batch to one launch (`small_run`), each group of
/// which takes some rows through all of them.
///
/// A flow's step is hundreds of products, activations and splines on a few hundred rows, and what a
/// row needs of the launch before is this row's result: no group waits for another. Launches are
/// put into stages, one later wherever one needs more than its own rows of another's results: the
/// sums over the batch that make gradients, say. Launches of one stage become one launch. Those
/// with nothing to do with each other, as these sums, stand side by side in it, each in groups of
/// its own.
///
/// Every result is computed as before, so bytes stay.
final class RowLaunches {
  /// Most rows of a batch: of more, launches are long enough alone.
  private static final int ROWS = 2048;

  /// Most results of a row.
  private static final int WIDTH = 2048;

  /// Most elements of a product's second operand: all groups read it.
  private static final int PANEL = 1 << 14;

  /// Most columns of such a product.
  private static final int COLUMNS = 512;

  /// Most terms of a product or a sum that stands side by side with others.
  private static final long TERMS = 1 << 22;

  /// Fewest launches, of those that one group could not do, that are worth joining.
  private static final int LEAST = 2;

  private final GpuProgram program;
  private final LaunchList list;
  private final List<LaunchList.Launch> launches;
  private final int units;
  private final SmallCode[] codes;
  private final RowAccess[] rows;
  private final Dependencies order;
  private final Map<Place, List<Integer>> users = new LinkedHashMap<>();
  private final BitSet[] soft;
  private final BitSet[] hard;

  private RowLaunches(GpuProgram program, int units) {
    this.program = program;
    this.list = program.list();
    this.launches = List.copyOf(list.launches);
    this.units = units;
    int n = launches.size();
    codes = new SmallCode[n];
    rows = new RowAccess[n];
    soft = new BitSet[n];
    hard = new BitSet[n];
    List<List<Access>> accesses = new ArrayList<>();
    Map<Place, Place> known = new HashMap<>();
    for (int i = 0; i < n; i++) {
      LaunchList.Launch l = launches.get(i);
      SmallCode code = SmallCode.of(list, l);
      codes[i] = code == null || code.length() >= SmallCode.WAIT ? null : code;
      soft[i] = new BitSet();
      hard[i] = new BitSet();
      accesses.add(
          Access.of(
              l.kernel(), l.arguments(), p -> known.computeIfAbsent(program.base(p), k -> k)));
    }
    order = Dependencies.of(accesses, 1);
    for (int i = 0; i < n; i++) {
      for (Object o : launches.get(i).arguments()) {
        if (o instanceof Place p) {
          use(users, program.base(p), i);
        }
      }
    }
    alike();
    divide();
    for (Map.Entry<Place, List<Integer>> e : users.entrySet()) {
      meet(known.get(e.getKey()), e.getValue(), accesses);
    }
  }

  private static void use(Map<Place, List<Integer>> users, Place base, int launch) {
    List<Integer> all = users.computeIfAbsent(base, k -> new ArrayList<>());
    if (all.isEmpty() || all.getLast() != launch) {
      all.add(launch);
    }
  }

  /// Joins what can be joined in a list of launches.
  ///
  /// @param units of the device that work side by side
  static void join(GpuProgram program, int units) {
    if (program.list().launches.size() > LEAST) {
      new RowLaunches(program, units).join();
    }
  }

  /// Leaves the instructions of one kernel only: of the first's reals and spline.
  private void alike() {
    DType real = null;
    Kernel spline = null;
    for (int i = 0; i < codes.length; i++) {
      SmallCode c = codes[i];
      if (c == null) {
        continue;
      }
      real = real == null && c.what() == SmallCode.PRODUCT ? c.real() : real;
      spline = spline == null ? c.spline() : spline;
    }
    for (int i = 0; i < codes.length; i++) {
      SmallCode c = codes[i];
      boolean other = c != null && c.real() != null && c.real() != real;
      boolean bent = c != null && c.spline() != null && !same(c.spline(), spline);
      codes[i] = other || bent ? null : c;
    }
  }

  private static boolean same(Kernel a, Kernel b) {
    return a.real() == b.real()
        && a.defines().get("BINS").equals(b.defines().get("BINS"))
        && a.defines().get("INVERSE").equals(b.defines().get("INVERSE"));
  }

  /// Cuts results into rows: those of a batch where they can be, else their own.
  private void divide() {
    Map<Integer, Integer> batches = new TreeMap<>();
    for (SmallCode c : codes) {
      if (c != null && (c.panel() && c.number(5) == 0 || c.spline() != null)) {
        batches.merge(c.panel() ? c.number(0) : c.n(), 1, Integer::sum);
      }
    }
    List<Integer> often =
        batches.keySet().stream()
            .filter(r -> r > 1 && r <= ROWS && batches.get(r) >= LEAST)
            .sorted(Comparator.comparing(batches::get).reversed())
            .toList();
    for (int i = 0; i < codes.length; i++) {
      SmallCode c = codes[i];
      for (int r : often) {
        if (c != null && rows[i] == null && c.n() / r <= WIDTH && small(c, r)) {
          rows[i] = RowAccess.of(c, r, program);
        }
      }
      if (c != null && rows[i] == null && terms(c) <= TERMS) {
        boolean sums = c.panel() && c.number(5) != 0;
        if (sums && c.number(0) > 1 && c.number(1) <= COLUMNS) {
          rows[i] = RowAccess.of(c, c.number(0), program);
        } else if (c.what() == SmallCode.SUM && c.n() > 1) {
          rows[i] = RowAccess.of(c, c.n(), program);
        }
      }
    }
  }

  /// Whether a group of few rows is done with an instruction about as soon as the device is.
  private static boolean small(SmallCode c, int rows) {
    return c.what() == SmallCode.PRODUCT
        ? c.panel() && c.number(0) == rows && (long) c.number(1) * c.number(2) <= PANEL
        : c.what() != SmallCode.SUM || c.number(3) <= WIDTH;
  }

  private static long terms(SmallCode c) {
    return c.what() == SmallCode.PRODUCT
        ? (long) c.n() * c.number(2)
        : c.what() == SmallCode.SUM ? (long) c.n() * c.number(3) : Long.MAX_VALUE;
  }

  /// Finds the pairs of launches that touch the same elements of some memory.
  private void meet(Place base, List<Integer> some, List<List<Access>> accesses) {
    List<List<Access>> mine = new ArrayList<>();
    boolean written = false;
    for (int i : some) {
      List<Access> all = accesses.get(i).stream().filter(a -> a.memory() == base).toList();
      written |= all.stream().anyMatch(Access::writes);
      mine.add(all);
    }
    if (!written) {
      return;
    }
    for (int k = 1; k < some.size(); k++) {
      for (int i = 0; i < k; i++) {
        List<Access> earlier = mine.get(i);
        if (mine.get(k).stream().anyMatch(a -> earlier.stream().anyMatch(a::meets))) {
          (rowByRow(some.get(i), some.get(k), base) ? soft : hard)[some.get(k)].set(some.get(i));
        }
      }
    }
  }

  /// Whether two launches touch, row by row, the same rows of some memory only.
  private boolean rowByRow(int i, int k, Place base) {
    if (rows[i] == null || rows[k] == null || rows[i].rows() != rows[k].rows()) {
      return false;
    }
    Set<RowAccess.Part> parts = new HashSet<>();
    for (int launch : new int[] {i, k}) {
      List<SmallCode.Operand> operands = codes[launch].operands();
      for (int o = 0; o < operands.size(); o++) {
        if (program.base(operands.get(o).place()).equals(base)) {
          parts.add(rows[launch].parts().get(o));
        }
      }
    }
    return parts.size() == 1 && !parts.contains(null);
  }

  /// The stage of every launch: as early as can be, but launches of rows no earlier than needed by
  /// the first that takes their rows on.
  private int[] stages() {
    int n = launches.size();
    int[] stage = new int[n];
    int[] next = new int[n];
    int[] limit = new int[n];
    for (int i = 0; i < n; i++) {
      next[i] = Integer.MAX_VALUE;
      limit[i] = Integer.MAX_VALUE;
      for (int k = hard[i].nextSetBit(0); k >= 0; k = hard[i].nextSetBit(k + 1)) {
        stage[i] = StrictMath.max(stage[i], stage[k] + 1);
      }
      for (int k = soft[i].nextSetBit(0); k >= 0; k = soft[i].nextSetBit(k + 1)) {
        stage[i] = StrictMath.max(stage[i], stage[k]);
      }
    }
    for (int i = n - 1; i >= 0; i--) {
      if (rows[i] != null && next[i] < Integer.MAX_VALUE) {
        stage[i] = StrictMath.max(stage[i], StrictMath.min(next[i], limit[i]));
      }
      for (int k = hard[i].nextSetBit(0); k >= 0; k = hard[i].nextSetBit(k + 1)) {
        limit[k] = StrictMath.min(limit[k], stage[i] - 1);
      }
      for (int k = soft[i].nextSetBit(0); k >= 0; k = soft[i].nextSetBit(k + 1)) {
        next[k] = StrictMath.min(next[k], stage[i]);
        limit[k] = StrictMath.min(limit[k], stage[i]);
      }
    }
    return stage;
  }

  private void join() {
    int n = launches.size();
    int[] stage = stages();
    Map<Integer, List<Integer>> byStage = new TreeMap<>();
    for (int i = 0; i < n; i++) {
      if (rows[i] != null) {
        byStage.computeIfAbsent(stage[i], k -> new ArrayList<>()).add(i);
      }
    }
    LaunchGroups groups = new LaunchGroups(n);
    Map<Integer, List<Integer>> runs = new LinkedHashMap<>();
    for (List<Integer> some : byStage.values()) {
      if (some.stream().filter(i -> !codes[i].brief()).count() >= LEAST) {
        some.forEach(i -> groups.merge(some.getFirst(), i));
        runs.put(some.getFirst(), some);
      }
    }
    if (runs.isEmpty()) {
      return;
    }
    Moves moves = new Moves(program, users, codes);
    runs.values().forEach(moves::add);
    List<LaunchList.Launch> moved = launches.stream().map(moves::of).toList();
    Map<Place, List<Integer>> movedUsers = new HashMap<>();
    for (int i = 0; i < n; i++) {
      codes[i] = codes[i] == null ? null : moves.of(codes[i]);
      for (Object o : moved.get(i).arguments()) {
        if (o instanceof Place p) {
          use(movedUsers, program.base(p), i);
        }
      }
    }
    list.launches.clear();
    for (List<Integer> group : groups.sequence(order)) {
      SmallRun run =
          runs.containsKey(group.getFirst())
              ? new SmallRun(program, moved, movedUsers, order, strands(group))
              : null;
      if (run != null && run.fits()) {
        run.launch();
      } else {
        group.forEach(i -> list.launches.add(moved.get(i)));
      }
    }
  }

  /// The launches of a stage by what they have to do with each other, and in how many groups each.
  private List<SmallRun.Strand> strands(List<Integer> stage) {
    LaunchGroups parts = new LaunchGroups(launches.size());
    for (int i : stage) {
      for (int k = soft[i].nextSetBit(0); k >= 0; k = soft[i].nextSetBit(k + 1)) {
        if (stage.contains(k)) {
          parts.merge(i, k);
        }
      }
    }
    Map<Integer, Map<Integer, SmallCode>> strands = new LinkedHashMap<>();
    for (int i : stage) {
      strands.computeIfAbsent(parts.of(i), k -> new LinkedHashMap<>()).put(i, codes[i]);
    }
    int share = StrictMath.max(1, 2 * units / strands.size());
    List<SmallRun.Strand> all = new ArrayList<>();
    strands.forEach((first, some) -> {
      int count = rows[first].rows();
      boolean alone = some.size() == 1;
      SmallCode code = codes[first];
      int piece =
          alone && code.what() == SmallCode.SUM && count == code.n()
              ? SmallCode.GROUP / code.number(1)
              : StrictMath.ceilDiv(count, alone ? share : units);
      all.add(new SmallRun.Strand(some, count, piece));
    });
    return all;
  }
}
