package org.amortis.studies.gp;

import java.util.Map;

/// The review's table of the study, in natural units: medians over 1,000 fields, and coverage.
///
/// Source: Zammit-Mangion, Sainsbury-Dale and Huser (2025), section 5, table 1.
record Published(double rmspe, double mis90, double mcrps, double cov90) {
  /// Where the figures stand.
  static final String SOURCE =
      "Zammit-Mangion, Sainsbury-Dale and Huser (2025), table of section 5";

  private static final Map<String, Published> TABLE =
      Map.of(
          "mcmc", new Published(0.0150, 0.0955, 0.0141, 0.896),
          "nbe", new Published(0.0156, 0.1062, Double.NaN, 0.877),
          "fkl", new Published(0.0150, 0.0989, 0.0146, 0.906));

  /// The row of a method; NaN where the review has none.
  static Published of(String method) {
    return TABLE.getOrDefault(
        method, new Published(Double.NaN, Double.NaN, Double.NaN, Double.NaN));
  }
}
