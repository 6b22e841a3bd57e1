package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.shape.DType;

/// Joins short launches to one launch whose groups go through them (`small_run`).
///
/// A launch costs a GPU about two microseconds, whatever it does; a training step has dozens that
/// do next to nothing. Launches are joined that stand equally far into the program, counted in
/// large launches, so that no circle comes of it: those that use one another's results, and others
/// beside them while this makes no path longer. Sums keep their order, so bytes stay.
final class SmallLaunches {
  /// How much longer, in launches, such joining may make the longest path in all.
  private static final double SLACK = 0.5;

  /// Instructions that take about as long as a launch.
  private static final double EACH = 8;

  private final GpuProgram program;
  private final LaunchList list;
  private final List<LaunchList.Launch> launches;
  private final SmallCode[] codes;
  private final Dependencies order;

  /// Launches that use one another's results without a larger one between.
  private final LaunchGroups parts;

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
      codes[i] = code == null || !code.brief() || code.length() >= SmallCode.WAIT ? null : code;
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
    parts = new LaunchGroups(n);
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
    for (int i = 0; i < n; i++) {
      for (int k : order.after(i)) {
        if (alike(i, k)) {
          parts.merge(i, k);
        }
      }
    }
    LaunchGroups groups = beside();
    list.launches.clear();
    groups.sequence(order).forEach(this::emit);
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

  /// Joins what has nothing to do with each other, level by level: it shares a launch, not a group
  /// of its items.
  private LaunchGroups beside() {
    LaunchGroups home = parts.copy();
    Map<Integer, DType> real = new HashMap<>();
    Map<Integer, Integer> open = new HashMap<>();
    for (int i = 0; i < launches.size(); i++) {
      if (codes[i] != null && codes[i].real() != null) {
        real.put(parts.of(i), codes[i].real());
      }
    }
    double longest = longest(home) + SLACK;
    for (int i = 0; i < launches.size(); i++) {
      if (codes[i] == null || parts.of(i) != i) {
        continue;
      }
      Integer last = open.putIfAbsent(level[i], i);
      if (last == null) {
        continue;
      }
      DType a = real.get(last);
      DType b = real.get(i);
      if (a == null || b == null || a == b) {
        LaunchGroups tried = home.copy();
        tried.merge(last, i);
        if (longest(tried) <= longest) {
          home = tried;
          real.put(last, a == null ? b : a);
          continue;
        }
      }
      open.put(level[i], i);
    }
    return home;
  }

  /// Length of the longest path where groups are one launch each, and parts of it run side by side.
  private double longest(LaunchGroups home) {
    int n = launches.size();
    double[] part = new double[n];
    for (int i = 0; i < n; i++) {
      part[parts.of(i)] += codes[i] == null ? 1 : 1 / EACH;
    }
    double[] work = new double[n];
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      work[home.of(i)] = StrictMath.max(work[home.of(i)], StrictMath.max(1, part[parts.of(i)]));
      all.add(i);
    }
    all.sort(
        Comparator.comparingInt((Integer i) -> level[i])
            .thenComparingInt(i -> codes[i] == null ? 1 : 0)
            .thenComparingInt(i -> i));
    double[] begin = new double[n];
    double most = 0;
    for (int i : all) {
      for (int k : order.after(i)) {
        int h = home.of(k);
        if (h != home.of(i)) {
          begin[home.of(i)] = StrictMath.max(begin[home.of(i)], begin[h] + work[h]);
        }
      }
      most = StrictMath.max(most, begin[home.of(i)] + work[home.of(i)]);
    }
    return most;
  }

  /// Adds the launches of a group, as few as the kernel's parameters allow.
  private void emit(List<Integer> group) {
    int from = 0;
    while (from < group.size()) {
      int to = group.size();
      while (to > from + 1
          && (codes[group.get(from)] == null || !run(group.subList(from, to)).fits())) {
        to--;
      }
      List<Integer> some = group.subList(from, to);
      if (some.size() == 1) {
        list.launches.add(launches.get(some.getFirst()));
      } else {
        run(some).launch();
      }
      from = to;
    }
  }

  private SmallRun run(List<Integer> group) {
    Map<Integer, Map<Integer, SmallCode>> strands = new LinkedHashMap<>();
    for (int i : group) {
      strands.computeIfAbsent(parts.of(i), k -> new LinkedHashMap<>()).put(i, codes[i]);
    }
    List<SmallRun.Strand> all =
        strands.values().stream().map(some -> new SmallRun.Strand(some, 1, 1)).toList();
    return new SmallRun(program, launches, users, order, all);
  }
}
