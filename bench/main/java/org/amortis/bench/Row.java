package org.amortis.bench;

import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.amortis.bench.work.Work;

/// One measurement.
///
/// @param higher whether larger is better
/// @param work makes the work; called once
/// @param figure of one measure of the work
/// @param note what a reader of the figure must know; may be empty
public record Row(
    String name,
    String unit,
    boolean higher,
    Supplier<Work> work,
    ToDoubleFunction<Work> figure,
    String note) {
  static final long WARM_UP = 4_000_000_000L;

  /// A row ready to be measured.
  public record Prepared(DoubleSupplier measure, double seconds) {}

  /// Units of work a second.
  public static Row rate(String name, String unit, double units, Supplier<Work> work) {
    return new Row(name, unit, true, work, w -> units / w.seconds(), "");
  }

  Prepared prepare() {
    return prepare(WARM_UP);
  }

  /// Makes the work, compares it with the oracle and warms it up: once at least, and for some
  /// nanoseconds, because the virtual machine compiles what runs often.
  Prepared prepare(long warmUp) {
    Work[] made = new Work[1];
    double seconds =
        Work.time(() -> {
          made[0] = work.get();
          made[0].check();
          long start = System.nanoTime();
          do {
            figure.applyAsDouble(made[0]);
          } while (System.nanoTime() - start < warmUp);
        });
    return new Prepared(() -> figure.applyAsDouble(made[0]), seconds);
  }
}
