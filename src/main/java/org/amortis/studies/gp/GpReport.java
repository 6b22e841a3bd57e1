package org.amortis.studies.gp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.amortis.inference.diagnose.FieldScores;
import org.amortis.inference.diagnose.PairedBootstrap;
import org.amortis.inference.diagnose.Scores;
import org.amortis.inference.diagnose.Summary;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.nn.train.Trained;
import org.amortis.report.Block;
import org.amortis.report.LossCurves;
import org.amortis.report.Micro;
import org.amortis.report.Panels;
import org.amortis.report.PublishedTable;
import org.amortis.report.Recovery;
import org.amortis.report.ScoreTable;
import org.amortis.report.Section;
import org.amortis.report.Setting;
import org.amortis.report.StudyReport;

/// Tables and report of the study, from what the methods found.
final class GpReport {
  private final Run run;
  private final List<MethodResult> results;
  private final GridPosterior exact;
  private final Map<String, FieldScores> scores = new LinkedHashMap<>();
  private final Map<String, PairedBootstrap.Excess> excess = new LinkedHashMap<>();

  /// @param exact the exact posterior of the test fields, or null when it was not asked for
  GpReport(Run run, List<MethodResult> results, GridPosterior exact) {
    this.run = run;
    this.results = results;
    this.exact = exact;
    double[] theta = run.test.theta();
    if (theta != null) {
      for (MethodResult r : results) {
        scores.put(r.method(), score(r, theta));
      }
    }
  }

  private FieldScores score(MethodResult r, double[] theta) {
    if (r.method().equals("exact")) {
      return Scores.ofGrid(exact, theta, 0);
    }
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

  /// The score table, with times or without.
  ScoreTable table(boolean times) {
    List<ScoreTable.Row> rows = new ArrayList<>();
    for (Map.Entry<String, FieldScores> e : scores.entrySet()) {
      String m = e.getKey();
      PairedBootstrap.Excess x = excess.computeIfAbsent(m, this::excess);
      Summary s = e.getValue().summary();
      rows.add(
          new ScoreTable.Row(
              m,
              cell(x.rmspe()),
              cell(x.mis90()),
              cell(x.crps()),
              s.cov90(),
              medians(s),
              times ? run.fact(m, "train_seconds") : Double.NaN,
              times ? run.fact(m, "seconds_per_field") : Double.NaN));
    }
    return new ScoreTable(run.test.count(), rows);
  }

  private PairedBootstrap.Excess excess(String method) {
    FieldScores base = scores.get("exact");
    long seed = run.seed(Seeds.BOOTSTRAP);
    return base == null || method.equals("exact")
        ? PairedBootstrap.scores(scores.get(method), seed)
        : PairedBootstrap.excess(scores.get(method), base, seed);
  }

  private static ScoreTable.Score cell(PairedBootstrap.Score s) {
    return new ScoreTable.Score(s.value(), s.standardError(), s.excess(), s.excessStandardError());
  }

  private static ScoreTable.Medians medians(Summary s) {
    return new ScoreTable.Medians(s.medians().rmspe(), s.medians().mis90(), s.medians().mcrps());
  }

  private static String label(String method) {
    return Methods.of(method).label();
  }

  /// The score table without times, with the review's names.
  private ScoreTable labelled() {
    ScoreTable t = table(false);
    return new ScoreTable(
        t.fields(),
        t.rows().stream()
            .map(r ->
                new ScoreTable.Row(
                    label(r.method()),
                    r.rmspe(),
                    r.mis90(),
                    r.crps(),
                    r.cov90(),
                    r.medians(),
                    r.trainSeconds(),
                    r.secondsPerField()))
            .toList());
  }

  /// The scores by the review's definitions beside its own, methods named as the user types them.
  PublishedTable published() {
    return published(UnaryOperator.identity());
  }

  private PublishedTable published(UnaryOperator<String> name) {
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

  StudyReport report(Effort effort, GridPosterior microExact) {
    List<Section> sections = new ArrayList<>();
    if (!scores.isEmpty()) {
      sections.add(
          new Section(
              "Scores",
              List.of(
                  "Means over "
                      + Text.count(run.test.count())
                      + " test fields that no network has seen; lower is better, coverage should be 90 %. The exact"
                      + " posterior is computed on a grid: no method can beat it on average. Excess is the share by"
                      + " which a score lies above the exact one on the same fields, with its paired bootstrap"
                      + " standard error."),
              List.of(labelled())));
    }
    sections.add(
        new Section(
            "Three fields in detail",
            List.of(
                "Fields simulated at known length scales; below each the posterior densities of all methods, the exact"
                    + " one as a grey area, the true value and point estimates as lines."),
            List.of(micro(microExact))));
    if (run.test.theta() != null) {
      sections.add(
          new Section(
              "Recovery of the length scale",
              List.of("Posterior mean against the true value, with 90 % intervals."),
              List.of(recovery())));
      sections.add(
          new Section(
              "The review's definitions",
              List.of(
                  "The published table holds medians over fields, which an over-confident method can push below the"
                      + " exact posterior's, and its MCRPS is half the mean absolute error. They stand here for"
                      + " comparison; nothing is judged on them."),
              List.of(published(GpReport::label))));
    }
    if (effort != null) {
      sections.add(
          new Section("When training pays", Effort.sentences(effort), List.of(work(effort))));
    }
    List<Block> losses = losses();
    if (!losses.isEmpty()) {
      sections.add(
          new Section(
              "Training",
              List.of(
                  "Mean loss of each epoch on training and validation pairs; networks keep the best epoch."),
              losses));
    }
    return new StudyReport(
        "Gaussian process, one length scale",
        "Amortized inference for the length scale of a Gaussian process on a 16 x 16 lattice, held against the exact"
            + " answer",
        settings(),
        sections);
  }

  private List<Setting> settings() {
    Budget b = run.budget;
    return List.of(
        new Setting("profile", run.options.profile().label()),
        new Setting("training fields", Text.count(b.train())),
        new Setting("validation fields", Text.count(b.validation())),
        new Setting("test fields", Text.count(run.test.count())),
        new Setting("epochs", Integer.toString(b.epochs())),
        new Setting("posterior draws", Text.count(b.draws())),
        new Setting(
            "MCMC steps",
            Text.count(b.mcmc().steps()) + ", burn-in " + Text.count(b.mcmc().burnIn())),
        new Setting("prior", "theta ~ U(0, 0.6)"),
        new Setting("covariance", "exp(-h / theta)"),
        new Setting("seed", Long.toString(run.options.seed())));
  }

  private Micro micro(GridPosterior microExact) {
    List<Micro.Field> fields = new ArrayList<>();
    int side = GaussianProcess.SIDE;
    for (int i = 0; i < Run.MICRO.length; i++) {
      float[][] z = new float[side][side];
      for (int r = 0; r < side; r++) {
        System.arraycopy(run.micro.values(), (i * side + r) * side, z[r], 0, side);
      }
      List<Micro.Draws> draws = new ArrayList<>();
      List<Micro.Estimate> estimates = new ArrayList<>();
      for (MethodResult r : results) {
        if (r.microDraws() != null) {
          int n = r.microDraws().length / Run.MICRO.length;
          draws.add(
              new Micro.Draws(
                  label(r.method()), Arrays.copyOfRange(r.microDraws(), i * n, (i + 1) * n)));
        }
        if (r.microEstimates() != null) {
          estimates.add(new Micro.Estimate(label(r.method()), r.microEstimates()[3 * i]));
        }
      }
      double[] grid = microExact == null ? new double[0] : microExact.axes()[0];
      double[] log =
          microExact == null
              ? new double[0]
              : Arrays.copyOfRange(microExact.logDensity(), i * grid.length, (i + 1) * grid.length);
      fields.add(new Micro.Field(z, Run.MICRO[i], grid, log, draws, estimates));
    }
    return new Micro("θ", 0, GaussianProcess.UPPER, fields);
  }

  private Recovery recovery() {
    List<Recovery.Estimates> methods = new ArrayList<>();
    int n = run.test.count();
    for (MethodResult r : results) {
      double[] mean = new double[n];
      double[] low = new double[n];
      double[] high = new double[n];
      for (int i = 0; i < n; i++) {
        if (r.draws() != null) {
          int m = r.draws().length / n;
          double[] x = Arrays.copyOfRange(r.draws(), i * m, (i + 1) * m);
          Arrays.sort(x);
          double sum = 0;
          for (double v : x) {
            sum += v;
          }
          mean[i] = sum / m;
          low[i] = Scores.quantile(x, 0.05);
          high[i] = Scores.quantile(x, 0.95);
        } else {
          mean[i] = r.estimates()[3 * i];
          low[i] = r.estimates()[3 * i + 1];
          high[i] = r.estimates()[3 * i + 2];
        }
      }
      methods.add(new Recovery.Estimates(label(r.method()), mean, low, high));
    }
    return new Recovery("θ", 0, GaussianProcess.UPPER, run.test.theta(), methods);
  }

  private List<Block> losses() {
    List<LossCurves.Curve> curves = new ArrayList<>();
    for (MethodResult r : results) {
      for (int i = 0; i < r.networks().size(); i++) {
        List<Trained.Epoch> history = r.networks().get(i).history();
        curves.add(
            new LossCurves.Curve(
                label(r.method()),
                r.networks().size() == 1 ? "" : Methods.of(r.method()).parts().get(i).name(),
                history.stream().mapToDouble(Trained.Epoch::train).toArray(),
                history.stream().mapToDouble(Trained.Epoch::validation).toArray()));
      }
    }
    return curves.isEmpty() ? List.of() : List.of(new LossCurves(curves));
  }

  private static Panels work(Effort e) {
    double last = 6;
    List<Panels.Layer> layers = new ArrayList<>();
    double[][] a = Effort.curve(e.training(), e.amortizedPerField(), 61, last);
    double[][] d = Effort.curve(0, e.mcmcDense(), 61, last);
    double[][] l = Effort.curve(0, e.mcmcLattice(), 61, last);
    layers.add(new Panels.Curve("fKL, training included", a[0], a[1]));
    layers.add(new Panels.Curve("MCMC, dense likelihood", d[0], d[1]));
    layers.add(new Panels.Curve("MCMC, lattice likelihood", l[0], l[1]));
    return new Panels(
        "Floating-point operations for n fields; both axes are powers of ten",
        List.of(
            new Panels.Panel(
                "",
                Panels.Axis.fitted("log10 number of fields"),
                Panels.Axis.fitted("log10 operations"),
                layers)));
  }
}
