package org.amortis.studies.gp;

import org.amortis.inference.diagnose.FieldScores;
import org.amortis.inference.diagnose.PairedBootstrap;
import org.amortis.inference.diagnose.Scores;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.io.Json;

/// The share of rKL2's excess that its hand-crafted summary costs, whatever network reads it.
final class SummaryShare {
  private SummaryShare() {}

  /// Excess of the posterior given the summary over the posterior given the field; null unless rkl2
  /// and the exact posterior are there to compare.
  static PairedBootstrap.Excess of(Run run, GpScores scores) {
    if (scores.of("rkl2") == null || scores.of("exact") == null) {
      return null;
    }
    GridPosterior p =
        NeighbourSummary.posterior(NeighbourSummary.of(run.test.fields()), run.budget.gridCells());
    FieldScores s = Scores.ofGrid(p, run.test.theta(), 0);
    PairedBootstrap.Excess x = scores.excess(s);
    run.files.record(
        "rkl2",
        Json.Obj.empty()
            .with("summary_rmspe_excess", x.rmspe().excess())
            .with("summary_mis90_excess", x.mis90().excess())
            .with("summary_crps_excess", x.crps().excess()));
    return x;
  }

  /// The figures in words.
  static String sentence(PairedBootstrap.Excess x) {
    return "The posterior given its summary and nothing else, which no network can beat, lies above the exact one by "
        + Text.percent(x.rmspe().excess(), x.rmspe().excessStandardError())
        + " in RMSPE, "
        + Text.percent(x.mis90().excess(), x.mis90().excessStandardError())
        + " in MIS90 and "
        + Text.percent(x.crps().excess(), x.crps().excessStandardError())
        + " in CRPS: that share of rKL2's excess is the summary's.";
  }
}
