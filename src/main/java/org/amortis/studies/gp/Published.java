package org.amortis.studies.gp;

import java.util.Map;

/// The review's table of the study, in natural units: medians over 1,000 fields, and coverage.
///
/// Source: Zammit-Mangion, Sainsbury-Dale and Huser (2025), section 5, table 1.
record Published(double rmspe, double mis90, double mcrps, double cov90) {
  /// Where the figures stand.
  static final String SOURCE =
      "Zammit-Mangion, Sainsbury-Dale and Huser (2025), table of section 5";

  private static final Published RKL1 = new Published(0.0164, 0.0980, 0.0136, 0.777);

  /// The published rKL1 is Gaussian, so its row also stands beside ours of that family.
  private static final Map<String, Published> TABLE =
      Map.ofEntries(
          Map.entry("mcmc", new Published(0.0150, 0.0955, 0.0141, 0.896)),
          Map.entry("nbe", new Published(0.0156, 0.1062, Double.NaN, 0.877)),
          Map.entry("fkl", new Published(0.0150, 0.0989, 0.0146, 0.906)),
          Map.entry("rkl1", RKL1),
          Map.entry("rkl2", new Published(0.0188, 0.1136, 0.0161, 0.871)),
          Map.entry("rkl3", new Published(0.0178, 0.0907, 0.0137, 0.816)),
          Map.entry("nre", new Published(0.0170, 0.1099, 0.0159, 0.913)),
          Map.entry("rkl1-gaussian", RKL1),
          Map.entry("rkl1-published", RKL1));

  /// The row of a method; NaN where the review has none.
  static Published of(String method) {
    return TABLE.getOrDefault(
        method, new Published(Double.NaN, Double.NaN, Double.NaN, Double.NaN));
  }
}
