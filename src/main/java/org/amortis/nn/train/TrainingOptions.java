package org.amortis.nn.train;

/// Settings of a training run.
///
/// @param batch samples a step
/// @param epochs most epochs
/// @param patience epochs without a better validation loss after which training stops; 0 for never
/// @param learningRate schedule
/// @param clipNorm largest Euclidean norm of the gradient, which is scaled down to it; 0 for no
///   clipping
/// @param weightDecay decoupled weight decay d: each step also subtracts `rate d w`; 0 for none
/// @param seed of initial values, order of samples, dropout and augmentation
public record TrainingOptions(
    int batch,
    int epochs,
    int patience,
    LearningRate learningRate,
    double clipNorm,
    double weightDecay,
    long seed) {
  /// Checks the settings.
  ///
  /// @throws IllegalArgumentException unless batch and epochs are positive and patience, clipNorm
  ///   and weightDecay are not negative
  public TrainingOptions {
    if (batch < 1 || epochs < 1 || patience < 0 || clipNorm < 0 || weightDecay < 0) {
      throw new IllegalArgumentException(
          "batch and epochs must be positive, patience, clipping and decay not negative: batch "
              + batch
              + ", epochs "
              + epochs
              + ", patience "
              + patience
              + ", clipNorm "
              + clipNorm
              + ", weightDecay "
              + weightDecay);
    }
  }

  /// Batch 32, a warm-up and cosine schedule with peak 1e-3, no early stop, clipping at 5.
  public static TrainingOptions of(int epochs, long seed) {
    return new TrainingOptions(
        32, epochs, 0, new LearningRate.WarmupCosine(1e-3, 0.05, 1e-6), 5, 0, seed);
  }

  /// The same settings with another schedule.
  public TrainingOptions with(LearningRate rate) {
    return new TrainingOptions(batch, epochs, patience, rate, clipNorm, weightDecay, seed);
  }
}
