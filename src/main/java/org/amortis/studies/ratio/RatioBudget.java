package org.amortis.studies.ratio;

import org.amortis.io.Json;
import org.amortis.studies.StudyOptions.Profile;

/// What a profile of the ratio study spends.
///
/// @param train training pairs
/// @param validation validation pairs
/// @param epochs passes over the training pairs
/// @param batch data sets a step; each is seen with all parameters of the batch
/// @param test test pairs of each kind
/// @param shown most pairs of each kind in the figure
/// @param cells grid cells along theta and along Z
/// @param coarse grid cells of the training sequence
record RatioBudget(
    int train, int validation, int epochs, int batch, int test, int shown, int cells, int coarse) {

  /// Batch of the network with dropout: its masks cost more than its products, so fewer pairs.
  static final int PUBLISHED_BATCH = 8;

  /// The budget of a profile; the published study has 100,000 pairs.
  static RatioBudget of(Profile profile) {
    return switch (profile) {
      case QUICK -> new RatioBudget(20_000, 4_000, 8, 32, 5_000, 1_000, 100, 40);
      case STANDARD -> new RatioBudget(100_000, 10_000, 12, 32, 20_000, 1_000, 100, 50);
      case PAPER -> new RatioBudget(100_000, 20_000, 40, 32, 100_000, 1_000, 100, 50);
    };
  }

  /// The same budget with another number of test pairs of each kind.
  RatioBudget withTest(int pairs) {
    return new RatioBudget(train, validation, epochs, batch, pairs, shown, cells, coarse);
  }

  Json.Obj json() {
    return Json.Obj.empty()
        .with("train", train)
        .with("validation", validation)
        .with("epochs", epochs)
        .with("batch", batch)
        .with("test", test)
        .with("shown", shown)
        .with("cells", cells)
        .with("coarse", coarse);
  }
}
