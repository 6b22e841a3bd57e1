package org.amortis.nn.train;

/// Learning rate as a function of the step.
public sealed interface LearningRate {
  /// The rate at a step.
  ///
  /// @param step 0 for the first
  /// @param total planned number of steps
  /// @return the factor of Adam's step
  double at(long step, long total);

  /// One rate for all steps.
  record Constant(double rate) implements LearningRate {
    @Override
    public double at(long step, long total) {
      return rate;
    }
  }

  /// Linear from near 0 to `peak` over the first share `warmup` of the steps, then down a half
  /// cosine to `last` (Loshchilov and Hutter 2017, without restarts).
  ///
  /// With T steps and W = warmup T: `peak (s + 1) / (W + 1)` for s < W, then `last + (peak - last)
  /// (1 + cos(pi (s - W) / (T - W))) / 2`.
  ///
  /// @param peak largest rate
  /// @param warmup share of the steps in [0, 1]
  /// @param last rate at the end
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
