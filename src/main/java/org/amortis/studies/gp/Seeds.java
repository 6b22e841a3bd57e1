package org.amortis.studies.gp;

import java.util.Locale;
import org.amortis.io.Json;

/// Seeds of the parts of a study, derived from the user's one. The position of a part enters its
/// seed: new parts stand at the end.
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
  BOOTSTRAP,
  RKL1,
  RKL1_GAUSSIAN,
  RKL1_PUBLISHED,
  RKL2_BINDING,
  RKL2,
  SUMMARY,
  BINDING,
  RKL3,
  NRE,
  NLE;

  /// The seed of this part: neighbouring user seeds give unrelated ones (SplitMix64 finaliser,
  /// Steele et al. 2014).
  long of(long seed) {
    long z = seed * 0x9E3779B97F4A7C15L + (ordinal() + 1) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /// All of them, by name.
  static Json.Obj json(long seed) {
    Json.Obj all = Json.Obj.empty();
    for (Seeds part : values()) {
      all = all.with(part.name().toLowerCase(Locale.ROOT), part.of(seed));
    }
    return all;
  }
}
