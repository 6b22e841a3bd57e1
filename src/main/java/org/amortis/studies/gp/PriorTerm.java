package org.amortis.studies.gp;

import java.util.Locale;
import java.util.Optional;
import org.amortis.inference.diagnose.PairedBootstrap;

/// What leaving the prior out of the reverse-KL loss does to the published family.
final class PriorTerm {
  private static final String WITH = "rkl1-gaussian";
  private static final String WITHOUT = "rkl1-published";

  private PriorTerm() {}

  /// One sentence with the figures of both, where both were run.
  static Optional<String> sentence(GpScores scores) {
    if (scores.of(WITH) == null || scores.of(WITHOUT) == null) {
      return Optional.empty();
    }
    return Optional.of(
        "The missing prior term, on the published Gaussian family: with it coverage is "
            + coverage(scores, WITH)
            + " and the interval score lies "
            + interval(scores, WITH)
            + " above the exact posterior's; without it, as published, coverage is "
            + coverage(scores, WITHOUT)
            + " and the interval score lies "
            + interval(scores, WITHOUT)
            + " above.");
  }

  private static String coverage(GpScores scores, String method) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * scores.of(method).summary().cov90());
  }

  private static String interval(GpScores scores, String method) {
    PairedBootstrap.Score s = scores.excess(method).mis90();
    return Text.percent(s.excess(), s.excessStandardError());
  }
}
