package org.amortis.nn.train;

import java.util.function.IntFunction;

/// Pairs made anew every few epochs; the last ones are kept.
final class Fresh implements Simulations {
  private final IntFunction<Dataset> simulator;
  private final int every;
  private int made = -1;
  private Dataset last;

  Fresh(IntFunction<Dataset> simulator, int every) {
    this.simulator = simulator;
    this.every = every;
  }

  @Override
  public Dataset epoch(int epoch) {
    int round = epoch / every;
    if (round != made) {
      last = simulator.apply(round);
      made = round;
    }
    return last;
  }
}
