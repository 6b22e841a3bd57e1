package org.amortis.studies.gp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.amortis.inference.diagnose.FieldScores;
import org.amortis.inference.diagnose.PairedBootstrap;
import org.amortis.inference.diagnose.Scores;
import org.amortis.inference.diagnose.Summary;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.report.PublishedTable;
import org.amortis.report.ScoreTable;

/// The scores of every method on the test fields; empty where theta is not known.
final class GpScores {
  private final Run run;
  private final Map<String, FieldScores> scores = new LinkedHashMap<>();
  private final Map<String, PairedBootstrap.Excess> excess = new LinkedHashMap<>();

  /// @param exact the exact posterior of the test fields, or null when it was not asked for
  GpScores(Run run, List<MethodResult> results, GridPosterior exact) {
    this.run = run;
    double[] theta = run.test.theta();
    if (theta != null) {
      for (MethodResult r : results) {
        scores.put(
            r.method(), r.method().equals("exact") ? Scores.ofGrid(exact, theta, 0) : of(r, theta));
      }
    }
  }

  /// The scores of a method that gives draws or estimates.
  static FieldScores of(MethodResult r, double[] theta) {
    if (r.draws() != null) {
      return Scores.ofDraws(r.draws(), theta);
    }
    return Scores.ofEstimates(
        column(r.estimates(), 0), column(r.estimates(), 1), column(r.estimates(), 2), theta);
  }

  private static double[] column(double[] estimates, int c) {
    double[] x = new double[estimates.length / 3];
    for (int i = 0; i < x.length; i++) {
      x[i] = estimates[3 * i + c];
    }
    return x;
  }

  boolean isEmpty() {
    return scores.isEmpty();
  }

  /// The scores of a method, or null.
  FieldScores of(String method) {
    return scores.get(method);
  }

  /// A method's excess over the exact posterior; NaN in it where that was not asked for.
  PairedBootstrap.Excess excess(String method) {
    return excess.computeIfAbsent(
        method, m -> m.equals("exact") ? alone(scores.get(m)) : excess(scores.get(m)));
  }

  /// The excess of other scores on the same fields.
  PairedBootstrap.Excess excess(FieldScores other) {
    FieldScores base = scores.get("exact");
    return base == null
        ? alone(other)
        : PairedBootstrap.excess(other, base, run.seed(Seeds.BOOTSTRAP));
  }

  private PairedBootstrap.Excess alone(FieldScores s) {
    return PairedBootstrap.scores(s, run.seed(Seeds.BOOTSTRAP));
  }

  /// The score table, with times or without.
  ///
  /// @param name what a method is called there
  ScoreTable table(boolean times, UnaryOperator<String> name) {
    List<ScoreTable.Row> rows = new ArrayList<>();
    scores.forEach((m, f) ->
        rows.add(
            row(
                name.apply(m),
                excess(m),
                f.summary(),
                times ? run.files.fact(m, "train_seconds") : Double.NaN,
                times ? run.files.fact(m, "seconds_per_field") : Double.NaN)));
    return new ScoreTable(run.test.count(), rows);
  }

  private static ScoreTable.Row row(
      String name, PairedBootstrap.Excess x, Summary s, double train, double perField) {
    return new ScoreTable.Row(
        name,
        cell(x.rmspe()),
        cell(x.mis90()),
        cell(x.crps()),
        s.cov90(),
        medians(s),
        train,
        perField);
  }

  private static ScoreTable.Score cell(PairedBootstrap.Score s) {
    return new ScoreTable.Score(s.value(), s.standardError(), s.excess(), s.excessStandardError());
  }

  private static ScoreTable.Medians medians(Summary s) {
    return new ScoreTable.Medians(s.medians().rmspe(), s.medians().mis90(), s.medians().mcrps());
  }

  /// The scores by the review's definitions beside its own.
  ///
  /// @param name what a method is called there
  PublishedTable published(UnaryOperator<String> name) {
    List<PublishedTable.Row> rows = new ArrayList<>();
    scores.forEach((m, f) -> {
      Published p = Published.of(m);
      Summary s = f.summary();
      rows.add(
          new PublishedTable.Row(
              name.apply(m),
              medians(s),
              s.cov90(),
              new ScoreTable.Medians(p.rmspe(), p.mis90(), p.mcrps()),
              p.cov90()));
    });
    return new PublishedTable(Published.SOURCE, rows);
  }
}
