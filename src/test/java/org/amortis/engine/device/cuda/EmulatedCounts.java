package org.amortis.engine.device.cuda;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.amortis.engine.device.cuda.emulator.Counters;
import org.amortis.engine.device.cuda.emulator.Counters.Kind;

/// What kernels execute, as a table: a row a kernel and geometry.
public final class EmulatedCounts {
  private static final String HEAD =
      "%-9s %10s %5s | %6s %6s %6s %6s %6s %6s %6s %6s %6s | %9s %7s %5s | %9s %5s | %6s %6s | %s%n";
  private static final String ROW =
      "%-9d %10d %5.1f | %6.1f %6.1f %6.1f %6.1f %6.1f %6.1f %6.1f %6.1f %6.1f | %9d %7.2f %5.2f | %9d %5.2f | %6d %6d | %s%n";

  private final Map<String, Counters> all = new LinkedHashMap<>();

  Counters of(String launch) {
    return all.computeIfAbsent(launch, k -> new Counters());
  }

  /// The counters, in the order of the first launches.
  public Collection<Counters> counters() {
    return all.values();
  }

  private static double percent(Counters c, Kind... kinds) {
    long n = 0;
    for (Kind k : kinds) {
      n += c.warps(k);
    }
    return c.all() == 0 ? 0 : 100.0 * n / c.all();
  }

  /// Shares of classes are of the instructions of warps; `sector` is sectors a global access,
  /// `used` bytes wanted a byte touched, `bank` wavefronts for each that is needed.
  public String table() {
    StringBuilder s = new StringBuilder();
    s.append(
        String.format(
            Locale.ROOT,
            HEAD,
            "launches",
            "warp instr",
            "lanes",
            "fma32%",
            "fma64%",
            "float%",
            "div%",
            "int%",
            "move%",
            "branch",
            "mma%",
            "wait%",
            "global",
            "sector",
            "used",
            "shared",
            "bank",
            "local",
            "sync",
            "kernel"));
    all.forEach((launch, c) -> {
      long global = c.warps(Kind.GLOBAL);
      s.append(
          String.format(
              Locale.ROOT,
              ROW,
              c.launches(),
              c.all(),
              c.lanes(),
              percent(c, Kind.FMA32),
              percent(c, Kind.FMA64),
              percent(c, Kind.FLOAT32, Kind.FLOAT64),
              percent(c, Kind.DIVIDE),
              percent(c, Kind.INTEGER),
              percent(c, Kind.MOVE),
              percent(c, Kind.BRANCH),
              percent(c, Kind.MATRIX),
              percent(c, Kind.WAIT),
              global,
              global == 0 ? 0 : (double) c.sectors() / global,
              c.used(),
              c.warps(Kind.SHARED),
              c.conflicts(),
              c.warps(Kind.LOCAL),
              c.warps(Kind.WAIT),
              launch));
    });
    return s.toString();
  }
}
