package org.amortis.studies.gp;

/// Seeds of the parts of a study, derived from the user's one.
enum Seeds {
  TRAIN,
  VALIDATION,
  TEST,
  MICRO,
  MCMC,
  MICRO_MCMC,
  NBE,
  FKL,
  DRAWS,
  MICRO_DRAWS,
  BOOTSTRAP;

  /// The seed of this part: neighbouring user seeds give unrelated ones (SplitMix64 finaliser,
  /// Steele et al. 2014).
  long of(long seed) {
    long z = seed * 0x9E3779B97F4A7C15L + (ordinal() + 1) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
