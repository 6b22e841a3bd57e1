package org.amortis.bench.lab;

import java.util.Locale;
import org.amortis.io.Json;

/// What an experiment gave.
///
/// @param task the timed one; `null` where nothing was timed
/// @param seconds median of one run; NaN where nothing was timed
record Row(
    Experiment experiment, Trial.Verdict small, Trial.Verdict full, Task task, double seconds) {
  /// What is wrong; `null` where all is right.
  String fault() {
    return !small.right() ? small.fault() : full != null ? full.fault() : null;
  }

  private double bandwidth() {
    return task.bytes() / seconds;
  }

  private double rate() {
    return task.operations() / seconds;
  }

  static String heading() {
    return String.format(
        Locale.ROOT,
        "%-9s %-60s %5s %9s %9s %10s %8s %6s %9s %6s",
        "family",
        "experiment",
        "sizes",
        "ulp",
        "allowed",
        "ms",
        "GB/s",
        "peak",
        "GFLOP/s",
        "peak");
  }

  String line(Peak peak) {
    String s =
        String.format(
            Locale.ROOT,
            "%-9s %-60s %5d %9.3g %9.3g",
            experiment.family(),
            experiment.name(),
            small.sizes(),
            StrictMath.max(small.error(), full == null ? 0 : full.error()),
            experiment.ulps());
    if (fault() != null) {
      return s + "  WRONG: " + fault();
    }
    if (task == null) {
      return s;
    }
    double share = bandwidth() / peak.bandwidth();
    s +=
        String.format(
            Locale.ROOT, " %10.4f %8.2f %5.0f%%", 1e3 * seconds, 1e-9 * bandwidth(), 100 * share);
    if (task.operations() == 0) {
      return s;
    }
    double reached = rate() / peak.operations(task.real());
    return s + String.format(Locale.ROOT, " %9.2f %5.1f%%", 1e-9 * rate(), 100 * reached);
  }

  Json json(Peak peak) {
    Json.Obj o =
        Json.Obj.empty()
            .with("family", experiment.family())
            .with("experiment", experiment.name())
            .with("launch_sizes", small.sizes())
            .with("ulp", StrictMath.max(small.error(), full == null ? 0 : full.error()))
            .with("ulp_allowed", experiment.ulps())
            .with("right", fault() == null);
    if (fault() != null) {
      return o.with("fault", fault());
    }
    return task == null
        ? o
        : o.with("real", task.real().toString())
            .with("seconds", seconds)
            .with("bytes", task.bytes())
            .with("operations", task.operations())
            .with("bandwidth_of_peak", bandwidth() / peak.bandwidth())
            .with("rate_of_peak", rate() / peak.operations(task.real()));
  }
}
