package org.amortis.studies.gp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;
import org.amortis.inference.Observations;
import org.amortis.inference.likelihood.ChebyshevLikelihood;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.inference.variational.AmortizationGap;
import org.amortis.inference.variational.AmortizationGap.Verdict;
import org.amortis.inference.variational.Refinement;
import org.amortis.io.Json;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.Trained;

/// The amortization gap of a method's posteriors on the first test fields, by the exact likelihood:
/// the file `gap_METHOD.json` and a sentence of the report.
final class GapReport {
  /// Most fields looked at.
  private static final int FIELDS = 100;

  private static final String FACTS = "amortization_gap";

  /// Why there are no verdicts.
  private static final String REFUSED = "refused";

  private GapReport() {}

  static String file(String method) {
    return "gap_" + method + ".json";
  }

  /// Computes the report of a method unless it is there.
  static void write(Run run, String method, NeuralPosterior model, Trained network) {
    String name = file(method);
    // Repeats of the training have scores of their own, which say what changes.
    if (run.files.training() > 1 || run.files.has(name)) {
      return;
    }
    int n = StrictMath.min(FIELDS, run.test.count());
    Observations fields = run.test.fields().rows(0, n);
    ChebyshevLikelihood likelihood = GaussianProcess.chebyshev(fields, run.device);
    List<Column> columns = new ArrayList<>(likelihood.columns());
    columns.add(new Column("data", GaussianProcess.FIELD, fields.values()));
    AmortizationGap gap;
    try (AmortizedPosterior q = new AmortizedPosterior(model, network, run.device)) {
      gap =
          AmortizationGap.of(
              q,
              new Dataset(columns),
              likelihood.batch(),
              Refinement.standard(),
              run.budget.draws(),
              AmortizationGap.Thresholds.standard(run.budget.draws()),
              run.seed(Seeds.DRAWS),
              run.device,
              Progress.NONE,
              run.cancellation());
    } catch (Failure e) {
      if (e.kind() != Failure.Kind.DATA) {
        throw e;
      }
      // Fields far outside the model have no weights; the draws and the report are there all the
      // same.
      record(run, method, Json.Obj.empty().with(REFUSED, e.getMessage()));
      return;
    }
    byte[] text = (gap.json().pretty() + "\n").getBytes(StandardCharsets.UTF_8);
    double mean = gap.rows().stream().mapToDouble(AmortizationGap.Row::gap).average().orElse(0);
    // Facts before files: a finished file is never computed again.
    record(
        run,
        method,
        Json.Obj.empty()
            .with("fields", n)
            .with("trust", gap.count(Verdict.TRUST))
            .with("refine", gap.count(Verdict.REFINE))
            .with("do_not_trust", gap.count(Verdict.DO_NOT_TRUST))
            .with("mean", mean));
    run.files.write(name, out -> out.write(text));
  }

  private static void record(Run run, String method, Json.Obj facts) {
    run.files.record(method, Json.Obj.empty().with(FACTS, facts));
  }

  /// One sentence with the verdicts on a method, where there are any.
  static Optional<String> sentence(Run run, String method, String label) {
    double fields = run.files.fact(method, FACTS, "fields");
    if (Double.isNaN(fields)) {
      return run.files
          .text(method, FACTS, REFUSED)
          .map(why -> "Amortization gap of " + label + " not computed: " + why + ".");
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "Amortization gap of %s on the first %.0f test fields: %.0f can be trusted as they are, %.0f are better"
                + " refined, %.0f are not to be trusted; refining one field raises the evidence lower bound by %.3f on"
                + " average (%s has each field's k-hat, shifts and verdict).",
            label,
            fields,
            run.files.fact(method, FACTS, "trust"),
            run.files.fact(method, FACTS, "refine"),
            run.files.fact(method, FACTS, "do_not_trust"),
            run.files.fact(method, FACTS, "mean"),
            file(method)));
  }
}
