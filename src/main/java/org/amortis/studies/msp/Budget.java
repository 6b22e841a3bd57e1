package org.amortis.studies.msp;

import org.amortis.io.Json;
import org.amortis.studies.StudyOptions.Profile;

/// What a profile spends.
///
/// @param train training pairs
/// @param validation validation pairs
/// @param test test fields
/// @param epochs passes over the training pairs
/// @param draws posterior draws a field
/// @param gridCells cells of the ratio's posterior grid, a parameter
public record Budget(int train, int validation, int test, int epochs, int draws, int gridCells) {

  /// The budget of a profile.
  public static Budget of(Profile profile) {
    return switch (profile) {
      case QUICK -> new Budget(2_000, 500, 100, 8, 300, 32);
      case STANDARD -> new Budget(16_000, 2_000, 1_000, 20, 1_000, 64);
      case PAPER -> new Budget(160_000, 20_000, 1_000, 12, 1_000, 64);
    };
  }

  /// All of it, for the settings in run.json.
  Json.Obj json() {
    return Json.Obj.empty()
        .with("train", train)
        .with("validation", validation)
        .with("test", test)
        .with("epochs", epochs)
        .with("draws", draws)
        .with("grid_cells", gridCells);
  }

  /// The same budget with another number of test fields.
  public Budget withTest(int fields) {
    return new Budget(train, validation, fields, epochs, draws, gridCells);
  }
}
