package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;

/// Joins short launches to one launch of a group that goes through them (`small_run`).
///
/// A launch costs a GPU about two microseconds, whatever it does; a training step has dozens that
/// do next to nothing. Launches are joined that stand equally far into the program, counted in
/// large launches, so that no circle comes of it: those that use one another's results, and others
/// beside them while this makes no path longer. Sums keep their order, so bytes stay.
final class SmallLaunches {
  private static final int REALS = 16;
  private static final int WHOLES = 8;

  /// Items by which instructions side by side stand apart.
  private static final int WARP = 32;

  /// Most instructions of launches that have nothing to do with each other.
  private static final int TOGETHER = 16;

  /// How much longer, in launches, such joining may make the longest path in all.
  private static final double SLACK = 0.5;

  /// Instructions that take about as long as a launch.
  private static final double EACH = 8;

  private final GpuProgram program;
  private final LaunchList list;
  private final List<LaunchList.Launch> launches;
  private final SmallCode[] codes;
  private final Dependencies order;
  private final int[] level;
  private final Map<Place, List<Integer>> users = new HashMap<>();

  private SmallLaunches(GpuProgram program) {
    this.program = program;
    this.list = program.list();
    this.launches = List.copyOf(list.launches);
    int n = launches.size();
    codes = new SmallCode[n];
    level = new int[n];
    List<List<Access>> accesses = new ArrayList<>();
    Map<Place, Place> known = new HashMap<>();
    for (int i = 0; i < n; i++) {
      LaunchList.Launch l = launches.get(i);
      SmallCode code = SmallCode.of(list, l);
      codes[i] = code == null || code.length() >= SmallCode.WAIT ? null : code;
      accesses.add(
          Access.of(
              l.kernel(), l.arguments(), p -> known.computeIfAbsent(program.base(p), k -> k)));
      for (Object o : l.arguments()) {
        if (o instanceof Place p) {
          List<Integer> all = users.computeIfAbsent(program.base(p), k -> new ArrayList<>());
          if (all.isEmpty() || all.getLast() != i) {
            all.add(i);
          }
        }
      }
    }
    order = Dependencies.of(accesses, 1);
    for (int i = 0; i < n; i++) {
      for (int k : order.after(i)) {
        int step = codes[i] != null && codes[k] == null ? 1 : 0;
        level[i] = StrictMath.max(level[i], level[k] + step);
      }
      level[i] = codes[i] != null ? StrictMath.max(1, level[i]) : level[i];
    }
    delay();
  }

  /// Moves small launches that could go first to the last level where nobody waits for them: what a
  /// step only keeps for the next one, or for its end, is not to hold its beginning back.
  private void delay() {
    int n = launches.size();
    int[] latest = new int[n];
    Arrays.fill(latest, Arrays.stream(level).max().orElse(0));
    for (int i = n - 1; i >= 0; i--) {
      level[i] = codes[i] != null && level[i] == 1 ? latest[i] : level[i];
      for (int k : order.after(i)) {
        latest[k] = StrictMath.min(latest[k], level[i]);
      }
    }
  }

  /// Joins what can be joined in a list of launches.
  static void join(GpuProgram program) {
    if (!program.list().launches.isEmpty()) {
      new SmallLaunches(program).join();
    }
  }

  private void join() {
    int n = launches.size();
    int[] home = new int[n];
    Arrays.setAll(home, i -> i);
    for (int i = 0; i < n; i++) {
      for (int k : order.after(i)) {
        if (alike(i, k)) {
          merge(home, home[i], home[k]);
        }
      }
    }
    beside(home);
    Map<Integer, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < n; i++) {
      groups.computeIfAbsent(home[i], k -> new ArrayList<>()).add(i);
    }
    list.launches.clear();
    sequence(home, groups).forEach(this::emit);
  }

  /// Whether two launches can be instructions of one.
  private boolean alike(int i, int k) {
    return codes[i] != null
        && codes[k] != null
        && level[i] == level[k]
        && (codes[i].real() == null
            || codes[k].real() == null
            || codes[i].real() == codes[k].real());
  }

  private static void merge(int[] home, int a, int b) {
    int to = StrictMath.min(a, b);
    for (int i = 0; i < home.length; i++) {
      home[i] = home[i] == a || home[i] == b ? to : home[i];
    }
  }

  /// The groups in an order in which each uses only what earlier ones make, near the order of the
  /// list: what is used soon lies in memory shortly.
  private List<List<Integer>> sequence(int[] home, Map<Integer, List<Integer>> groups) {
    Map<Integer, Set<Integer>> waiting = new HashMap<>();
    Map<Integer, List<Integer>> next = new HashMap<>();
    for (int i = 0; i < home.length; i++) {
      waiting.computeIfAbsent(home[i], k -> new HashSet<>());
      for (int k : order.after(i)) {
        if (home[k] != home[i] && waiting.get(home[i]).add(home[k])) {
          next.computeIfAbsent(home[k], g -> new ArrayList<>()).add(home[i]);
        }
      }
    }
    PriorityQueue<Integer> ready =
        new PriorityQueue<>(Comparator.comparingInt(g -> groups.get(g).getLast()));
    waiting.forEach((g, before) -> {
      if (before.isEmpty()) {
        ready.add(g);
      }
    });
    List<List<Integer>> sequence = new ArrayList<>();
    while (!ready.isEmpty()) {
      int g = ready.poll();
      sequence.add(groups.get(g));
      for (int k : next.getOrDefault(g, List.of())) {
        waiting.get(k).remove(g);
        if (waiting.get(k).isEmpty()) {
          ready.add(k);
        }
      }
    }
    if (sequence.size() != groups.size()) {
      throw new IllegalStateException("joined launches wait for each other");
    }
    return sequence;
  }

  /// Joins groups of one level that have nothing to do with each other.
  private void beside(int[] home) {
    int n = launches.size();
    int[] size = new int[n];
    Map<Integer, DType> real = new HashMap<>();
    Map<Integer, Integer> open = new HashMap<>();
    for (int i = 0; i < n; i++) {
      size[home[i]]++;
      if (codes[i] != null && codes[i].real() != null) {
        real.put(home[i], codes[i].real());
      }
    }
    double longest = longest(home) + SLACK;
    for (int i = 0; i < n; i++) {
      if (codes[i] == null || home[i] != i) {
        continue;
      }
      Integer last = open.putIfAbsent(level[i], i);
      if (last == null) {
        continue;
      }
      DType a = real.get(last);
      DType b = real.get(i);
      if (size[last] + size[i] <= TOGETHER && (a == null || b == null || a == b)) {
        int[] tried = home.clone();
        merge(tried, last, i);
        if (longest(tried) <= longest) {
          System.arraycopy(tried, 0, home, 0, n);
          size[last] += size[i];
          real.put(last, a == null ? b : a);
          continue;
        }
      }
      open.put(level[i], i);
    }
  }

  /// Length of the longest path where groups are one launch each.
  private double longest(int[] home) {
    int n = launches.size();
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      all.add(i);
    }
    all.sort(
        Comparator.comparingInt((Integer i) -> level[i])
            .thenComparingInt(i -> codes[i] == null ? 1 : 0)
            .thenComparingInt(i -> i));
    double[] begin = new double[n];
    double[] work = new double[n];
    double most = 0;
    for (int i : all) {
      work[home[i]] += codes[i] == null ? 1 : 1 / EACH;
    }
    for (int i : all) {
      for (int k : order.after(i)) {
        int h = home[k];
        if (h != home[i]) {
          double end = begin[h] + (codes[k] == null ? 1 : StrictMath.max(1, work[h]));
          begin[home[i]] = StrictMath.max(begin[home[i]], end);
        }
      }
      most = StrictMath.max(most, begin[home[i]] + StrictMath.max(1, work[home[i]]));
    }
    return most;
  }

  /// Adds the launches of a group, as few as the kernel's parameters allow.
  private void emit(List<Integer> group) {
    int from = 0;
    while (from < group.size()) {
      int to = from + 1;
      while (to < group.size()
          && codes[group.get(from)] != null
          && fits(group.subList(from, to + 1))) {
        to++;
      }
      List<Integer> some = group.subList(from, to);
      if (some.size() == 1) {
        list.launches.add(launches.get(some.getFirst()));
      } else {
        launch(some);
      }
      from = to;
    }
  }

  private boolean fits(List<Integer> group) {
    int reals = 0;
    int wholes = 0;
    boolean inside = false;
    boolean insideWhole = false;
    for (Place p : operands(group).keySet()) {
      boolean whole = p.dtype() == DType.INT32;
      if (internal(p, group)) {
        inside |= !whole;
        insideWhole |= whole;
      } else if (whole) {
        wholes++;
      } else {
        reals++;
      }
    }
    return reals + (inside ? 1 : 0) <= REALS && wholes + (insideWhole ? 1 : 0) <= WHOLES;
  }

  /// What a group touches: of each value first and last element, and whether it is written.
  private Map<Place, int[]> operands(List<Integer> group) {
    Map<Place, int[]> all = new LinkedHashMap<>();
    for (int i : group) {
      for (SmallCode.Operand o : codes[i].operands()) {
        Place p = o.place();
        Place base = program.base(p);
        int end = p.extent() < 0 ? program.elements(base) : p.at() + p.extent();
        int[] range = all.computeIfAbsent(base, k -> new int[] {p.at(), end, 0});
        range[0] = StrictMath.min(range[0], p.at());
        range[1] = StrictMath.max(range[1], end);
        range[2] |= o.writes() ? 1 : 0;
      }
    }
    return all;
  }

  /// Whether nobody else needs a value.
  private boolean internal(Place base, List<Integer> group) {
    return !base.table() && !program.kept(base) && group.containsAll(users.get(base));
  }

  /// The instructions by how many of them must come before, with that number.
  private Map<Integer, Integer> depths(List<Integer> group) {
    Map<Integer, Integer> depth = new LinkedHashMap<>();
    for (int i : group) {
      int most = 0;
      for (int k : depth.keySet()) {
        most = order.before(i).get(k) ? StrictMath.max(most, depth.get(k) + 1) : most;
      }
      depth.put(i, most);
    }
    Map<Integer, Integer> sorted = new LinkedHashMap<>();
    depth.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .forEach(e -> sorted.put(e.getKey(), e.getValue()));
    return sorted;
  }

  private void launch(List<Integer> group) {
    DType real =
        group.stream()
            .map(i -> codes[i].real())
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(DType.FLOAT32);
    Map<Place, int[]> ranges = operands(group);
    Map<Place, int[]> found = new HashMap<>();
    List<Place> reals = new ArrayList<>();
    List<Place> wholes = new ArrayList<>();
    for (DType type : List.of(real, DType.INT32)) {
      List<Place> memories = type == real ? reals : wholes;
      int inside = 0;
      for (Place base : ranges.keySet()) {
        if (base.dtype() == type && internal(base, group)) {
          found.put(base, new int[] {0, inside});
          inside += program.elements(base);
        }
      }
      if (inside > 0 || ranges.keySet().stream().noneMatch(p -> p.dtype() == type)) {
        memories.add(list.scratch(type, StrictMath.max(1, inside)));
      }
      for (Place base : ranges.keySet()) {
        if (base.dtype() == type && !internal(base, group)) {
          int[] range = ranges.get(base);
          found.put(base, new int[] {memories.size(), -range[0]});
          Place p = base.plus(range[0]).first(range[1] - range[0]);
          memories.add(range[2] == 0 ? p.readOnly() : p);
        }
      }
    }
    List<Double> constants = new ArrayList<>();
    int[] words = words(group, found, constants);
    List<Object> arguments = new ArrayList<>();
    arguments.add(list.table(new LaunchList.Table(DType.INT32, words)));
    arguments.add(
        list.table(new LaunchList.Table(real, constants.stream().mapToDouble(d -> d).toArray())));
    arguments.add(words.length);
    for (int k = 0; k < REALS; k++) {
      arguments.add(reals.get(StrictMath.min(k, reals.size() - 1)));
    }
    for (int k = 0; k < WHOLES; k++) {
      arguments.add(wholes.get(StrictMath.min(k, wholes.size() - 1)));
    }
    List<Program.Node> nodes =
        group.stream().flatMap(i -> launches.get(i).nodes().stream()).distinct().toList();
    Grid grid = Grid.groups(1, 1, 1).of(SmallCode.GROUP, 1, 1);
    list.add(kernel(real), grid, arguments.toArray(), nodes);
  }

  /// @param found number of the memory and place in it of every value
  private int[] words(List<Integer> group, Map<Place, int[]> found, List<Double> constants) {
    List<Integer> words = new ArrayList<>();
    constants.add(0.0);
    int now = 0;
    int item = 0;
    for (Map.Entry<Integer, Integer> e : depths(group).entrySet()) {
      SmallCode code = codes[e.getKey()];
      item = e.getValue() > now ? 0 : item;
      words.add(code.what());
      words.add(code.length() + (e.getValue() > now ? SmallCode.WAIT : 0) + (item << 16));
      now = e.getValue();
      item = (item + WARP) % SmallCode.GROUP;
      for (Object o : code.words()) {
        switch (o) {
          case Integer w -> words.add(w);
          case SmallCode.Operand p -> {
            int[] at = found.get(program.base(p.place()));
            words.addAll(List.of(at[0], at[1] + p.place().at()));
          }
          case double[] values -> {
            words.add(constants.size());
            Arrays.stream(values).forEach(constants::add);
          }
          default -> throw new IllegalStateException("word " + o);
        }
      }
    }
    return words.stream().mapToInt(w -> w).toArray();
  }

  private static Kernel kernel(DType real) {
    return Kernel.of("small_run", real).define("REGISTERS", SmallCode.REGISTERS);
  }

  /// Every kernel of a list.
  static List<Kernel> variants(DType real) {
    return List.of(kernel(real));
  }
}
