package org.amortis.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Posterior mean, or the estimate of a method without intervals, against the true parameter, one
/// panel a method.
final class RecoveryFigure {
  /// Fields a panel shows at most; every method shows the same ones.
  static final int SHOWN = 300;

  /// Largest errors of each method that are always among them.
  static final int WORST = 5;

  private RecoveryFigure() {}

  static Figure of(Recovery recovery, Palette palette) {
    List<Integer> fields = thinned(recovery, SHOWN, WORST);
    Data data = new Data("method", "field", "theta", "mean", "q05", "q95");
    List<View> views = new ArrayList<>();
    List<Double> domain = List.of(recovery.lower(), recovery.upper());
    for (Recovery.Estimates method : recovery.methods()) {
      boolean point = true;
      for (int i : fields) {
        point &= !interval(method, i);
        if (Double.isFinite(method.mean()[i])) {
          data.row(
              method.method(),
              i,
              recovery.theta()[i],
              method.mean()[i],
              method.q05()[i],
              method.q95()[i]);
        }
      }
      String what = point ? "estimate" : "posterior mean";
      views.add(
          new View(
              method.method(),
              method.method(),
              what + " against true " + recovery.parameter() + ", " + method.method(),
              "square",
              View.Template.of("recovery")
                  .with("colour", palette.colour(method.method()))
                  .with("xtitle", "true " + recovery.parameter())
                  .with("ytitle", what)
                  .with("domain", domain)
                  .with("lower", recovery.lower())
                  .with("upper", recovery.upper())
                  .json(),
              List.of("method", method.method())));
    }
    return new Figure(
        caption(recovery, fields.size()),
        "four",
        List.of(),
        Map.of(),
        Map.of("recovery", data),
        views);
  }

  private static String caption(Recovery recovery, int shown) {
    int n = recovery.theta().length;
    String which =
        shown == n
            ? "All " + Numbers.count(n) + " test fields are shown."
            : Numbers.count(shown)
                + " of the "
                + Numbers.count(n)
                + " test fields are shown, the same in every panel: evenly spaced in the order of "
                + recovery.parameter()
                + ", and the "
                + WORST
                + " largest errors of each method.";
    boolean every =
        recovery.methods().stream()
            .allMatch(m -> IntStream.range(0, n).anyMatch(i -> interval(m, i)));
    return "Posterior mean against the true value, with the central 90 % interval as a thin line"
        + " and the identity in black"
        + (every ? ". " : "; methods without intervals give estimates. ")
        + which;
  }

  /// Whether a method gives an interval there, not only a point.
  private static boolean interval(Recovery.Estimates method, int i) {
    return method.q05()[i] < method.q95()[i];
  }

  /// The fields to show: evenly spaced in the order of theta, and each method's worst.
  static List<Integer> thinned(Recovery recovery, int limit, int worst) {
    int n = recovery.theta().length;
    if (n <= limit) {
      return IntStream.range(0, n).boxed().toList();
    }
    TreeSet<Integer> kept = new TreeSet<>();
    for (Recovery.Estimates method : recovery.methods()) {
      IntStream.range(0, n)
          .boxed()
          .filter(i -> Double.isFinite(method.mean()[i]))
          .sorted(
              Comparator.comparingDouble(
                  (Integer i) -> -Math.abs(method.mean()[i] - recovery.theta()[i])))
          .limit(worst)
          .forEach(kept::add);
    }
    List<Integer> order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> recovery.theta()[i]))
            .toList();
    int spaced = Math.max(1, limit - kept.size());
    for (int k = 0; k < spaced; k++) {
      kept.add(order.get((int) ((2L * k + 1) * n / (2L * spaced))));
    }
    return List.copyOf(kept);
  }
}
