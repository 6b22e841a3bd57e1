package org.amortis.studies.decision;

import org.amortis.io.Json;
import org.amortis.studies.StudyOptions.Profile;

/// What a profile of the decision study spends.
///
/// @param train training pairs
/// @param validation validation pairs
/// @param epochs passes over the training pairs
/// @param test data sets over which risks are averaged
/// @param cells grid cells along X and along delta
record DecisionBudget(int train, int validation, int epochs, int test, int cells) {
  static DecisionBudget of(Profile profile) {
    return switch (profile) {
      case QUICK -> new DecisionBudget(20_000, 2_000, 10, 5_000, 60);
      case STANDARD -> new DecisionBudget(100_000, 10_000, 20, 20_000, 80);
      case PAPER -> new DecisionBudget(400_000, 20_000, 20, 100_000, 80);
    };
  }

  /// The same budget with another number of test data.
  DecisionBudget withTest(int data) {
    return new DecisionBudget(train, validation, epochs, data, cells);
  }

  Json.Obj json() {
    return Json.Obj.empty()
        .with("train", train)
        .with("validation", validation)
        .with("epochs", epochs)
        .with("test", test)
        .with("cells", cells);
  }
}
