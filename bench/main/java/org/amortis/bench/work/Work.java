package org.amortis.bench.work;

import org.amortis.engine.device.Buffer;
import org.amortis.engine.device.Device;
import org.amortis.engine.shape.Type;

/// A fixed piece of work with everything it needs, made before the clock starts.
public interface Work extends AutoCloseable {
  /// Does the work once.
  ///
  /// @return seconds that the figure counts
  double seconds();

  /// Compares a small case with the oracle; called before anything is timed.
  ///
  /// @throws IllegalStateException when they differ
  void check();

  @Override
  void close();

  /// Waits until a device has done everything it was given: a read comes after all of it.
  static Runnable settle(Device device) {
    Buffer mark = device.allocate(Type.f32(1));
    return mark::floats;
  }

  /// Seconds that an action takes.
  static double time(Runnable action) {
    long start = System.nanoTime();
    action.run();
    return (System.nanoTime() - start) * 1e-9;
  }

  /// Fails when two results are further apart than `tolerance` times the largest expected value.
  static void agree(String what, double[] actual, double[] expected, double tolerance) {
    if (actual.length != expected.length) {
      throw new IllegalStateException(
          what + ": " + actual.length + " values for " + expected.length);
    }
    double largest = 1e-30;
    for (double e : expected) {
      largest = StrictMath.max(largest, StrictMath.abs(e));
    }
    for (int i = 0; i < actual.length; i++) {
      if (!(StrictMath.abs(actual[i] - expected[i]) <= tolerance * largest)) {
        throw new IllegalStateException(
            "%s: element %d is %s, expected %s".formatted(what, i, actual[i], expected[i]));
      }
    }
  }
}
