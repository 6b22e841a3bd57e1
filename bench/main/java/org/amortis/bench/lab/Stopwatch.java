package org.amortis.bench.lab;

import java.util.Arrays;
import org.amortis.engine.device.gpu.Driver;

/// Times work that a driver does: enqueued many times, waited for once.
record Stopwatch(Driver driver, int repetitions, double seconds) {
  private static final int MOST = 1 << 20;

  /// Median seconds of one run, over repetitions of as many runs as take long enough.
  double median(Runnable run) {
    int runs = 1;
    double took = time(run, 1); // what is built and touched for the first time
    took = time(run, 1);
    while (took < seconds && runs < MOST) {
      int more = (int) StrictMath.min(MOST, runs * 1.2 * seconds / StrictMath.max(took, 1e-9));
      runs = StrictMath.max(2 * runs, StrictMath.min(more, 16 * runs));
      took = time(run, runs);
    }
    double[] all = new double[repetitions];
    for (int i = 0; i < repetitions; i++) {
      all[i] = time(run, runs) / runs;
    }
    Arrays.sort(all);
    return 0.5 * (all[(repetitions - 1) / 2] + all[repetitions / 2]);
  }

  private double time(Runnable run, int runs) {
    driver.finish();
    long start = System.nanoTime();
    for (int i = 0; i < runs; i++) {
      run.run();
    }
    driver.finish();
    return (System.nanoTime() - start) * 1e-9;
  }
}
