package org.amortis.studies.gp;

import org.amortis.io.Json;
import org.amortis.studies.StudyPart;

/// Seeds of the parts of a study, derived from the user's one. The position of a part enters its
/// seed: new parts stand at the end.
enum Seeds implements StudyPart {
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

  @Override
  public int number() {
    return ordinal() + 1;
  }

  /// All of them, by name.
  static Json.Obj json(long seed) {
    return StudyPart.json(values(), seed);
  }
}
