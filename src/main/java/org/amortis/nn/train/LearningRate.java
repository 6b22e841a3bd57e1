package org.amortis.nn.train;

/// Learning rate as a function of the step.
public sealed interface LearningRate {
  /// The rate at a step.
  ///
  /// @param step 0 for the first
  /// @param total planned number of steps
  double at(long step, long total);

  /// The same rate throughout.
  record Constant(double rate) implements LearningRate {
    @Override
    public double at(long step, long total) {
      return rate;
    }
  }

  /// Linear from 0 to `peak` over the first share `warmup` of the steps, then down a half cosine to
  /// `last`.
  record WarmupCosine(double peak, double warmup, double last) implements LearningRate {
    @Override
    public double at(long step, long total) {
      double start = warmup * total;
      if (step < start) {
        return peak * (step + 1) / (start + 1);
      }
      double t = total <= start ? 1 : (step - start) / (total - start);
      return last + (peak - last) * 0.5 * (1 + StrictMath.cos(StrictMath.PI * t));
    }
  }
}
