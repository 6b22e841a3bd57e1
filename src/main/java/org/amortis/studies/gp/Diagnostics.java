package org.amortis.studies.gp;

import java.util.Arrays;
import org.amortis.inference.diagnose.Scores;
import org.amortis.inference.mcmc.Chains;
import org.amortis.inference.mcmc.Convergence;
import org.amortis.io.Json;

/// Facts about Markov chains for run.json.
final class Diagnostics {
  /// R-hat above this is doubtful (Vehtari et al. 2021).
  private static final double DOUBTFUL = 1.01;

  private Diagnostics() {}

  /// Acceptance, R-hat of the halves of each field's chain, and bulk effective sample size.
  static Json.Obj of(Chains chains) {
    int n = chains.count();
    double[] rHat = new double[n];
    double[] ess = new double[n];
    int doubtful = 0;
    for (int i = 0; i < n; i++) {
      double[] x = Arrays.copyOfRange(chains.theta(), i * chains.draws(), (i + 1) * chains.draws());
      rHat[i] = Convergence.rHatOfHalves(x, chains.chains());
      ess[i] = Convergence.essBulk(x, chains.chains());
      doubtful += rHat[i] <= DOUBTFUL ? 0 : 1; // a chain that never moved has none
    }
    Arrays.sort(rHat);
    Arrays.sort(ess);
    return Json.Obj.empty()
        .with("acceptance", chains.meanAcceptance())
        .with("rhat_max", rHat[n - 1])
        .with("rhat_median", Scores.quantile(rHat, 0.5))
        .with("rhat_share_above_1.01", (double) doubtful / n)
        .with("ess_bulk_min", ess[0])
        .with("ess_bulk_median", Scores.quantile(ess, 0.5));
  }
}
