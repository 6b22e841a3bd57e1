package org.amortis.studies.msp;

import org.amortis.io.Json;
import org.amortis.studies.StudyPart;

/// Seeds of the parts of the study, derived from the user's one. The position of a part enters its
/// seed: new parts stand at the end.
enum Seeds implements StudyPart {
  TRAIN,
  VALIDATION,
  TEST,
  MICRO,
  FKL,
  NBE,
  NRE,
  DRAWS,
  MICRO_DRAWS,
  BOOTSTRAP;

  @Override
  public int number() {
    return ordinal() + 101;
  }

  /// All of them, by name.
  static Json.Obj json(long seed) {
    return StudyPart.json(values(), seed);
  }
}
