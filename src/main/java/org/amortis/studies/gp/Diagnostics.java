package org.amortis.studies.gp;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.amortis.inference.diagnose.Scores;
import org.amortis.inference.mcmc.Chains;
import org.amortis.inference.mcmc.Verdict;
import org.amortis.io.Json;
import org.amortis.studies.RunFacts;
import org.amortis.studies.RunFiles;

/// Facts about Markov chains for run.json, and their verdict in words.
final class Diagnostics {
  /// What makes chains doubtful.
  static final String LIMITS = limits(Verdict.Limits.standard());

  private static final String VERDICT = "verdict";

  private Diagnostics() {}

  private static String limits(Verdict.Limits l) {
    return String.format(
        Locale.ROOT,
        "Chains count as converged where R-hat is at most %s, every chain is worth at least %.0f independent draws in"
            + " the bulk and in the tails, and at least %.0f %% of the proposals are accepted (Vehtari et al. 2021).",
        l.rHat(),
        l.ess(),
        100 * l.acceptance());
  }

  /// Acceptance, R-hat of the halves of each field's chains, effective sample sizes, and the
  /// verdict on them.
  static Json.Obj of(Chains chains) {
    Verdict verdict = Verdict.of(chains);
    int n = chains.count();
    double[] rHat = verdict.dataSets().stream().mapToDouble(Verdict.DataSet::rHat).toArray();
    double[] ess = verdict.dataSets().stream().mapToDouble(Verdict.DataSet::essBulk).toArray();
    double[] tail = verdict.dataSets().stream().mapToDouble(Verdict.DataSet::essTail).toArray();
    double limit = verdict.limits().rHat();
    // A chain that never moved has no R-hat.
    long doubtful = Arrays.stream(rHat).filter(r -> !(r <= limit)).count();
    Arrays.sort(rHat);
    Arrays.sort(ess);
    Arrays.sort(tail);
    return Json.Obj.empty()
        .with("acceptance", chains.meanAcceptance())
        .with("rhat_max", rHat[n - 1])
        .with("rhat_median", Scores.quantile(rHat, 0.5))
        .with("rhat_share_above_1.01", (double) doubtful / n)
        .with("ess_bulk_min", ess[0])
        .with("ess_bulk_median", Scores.quantile(ess, 0.5))
        .with("ess_tail_min", tail[0])
        .with("converged", n - verdict.failed().size())
        .with(VERDICT, verdict.line());
  }

  /// The verdict on a method's chains in one line, where it has chains.
  static Optional<String> line(RunFiles files, String method) {
    return line(RunFacts.of(files.folder(), files.name(method)));
  }

  /// The verdict among the facts about chains.
  static Optional<String> line(Json.Obj facts) {
    return facts.get(VERDICT).orElse(null) instanceof Json.Str s
        ? Optional.of(s.value())
        : Optional.empty();
  }
}
