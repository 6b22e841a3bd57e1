package org.amortis.studies.gp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amortis.inference.diagnose.PairedBootstrap;
import org.amortis.inference.diagnose.Scores;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.nn.train.Trained;
import org.amortis.report.Block;
import org.amortis.report.LossCurves;
import org.amortis.report.Micro;
import org.amortis.report.Panels;
import org.amortis.report.Recovery;
import org.amortis.report.Section;
import org.amortis.report.Setting;
import org.amortis.report.StudyReport;

/// The report of the study, from what the methods found.
final class GpReport {
  private final Run run;
  private final List<MethodResult> results;
  private final GpScores scores;
  private final Repeats repeats;
  private final PairedBootstrap.Excess summaryAlone;

  /// @param repeats further trainings, or null
  /// @param summaryAlone what the hand-crafted summary costs without any network, or null
  GpReport(
      Run run,
      List<MethodResult> results,
      GpScores scores,
      Repeats repeats,
      PairedBootstrap.Excess summaryAlone) {
    this.run = run;
    this.results = results;
    this.scores = scores;
    this.repeats = repeats;
    this.summaryAlone = summaryAlone;
  }

  private static String label(String method) {
    return Methods.of(method).label();
  }

  private boolean has(String... methods) {
    List<String> names = results.stream().map(MethodResult::method).toList();
    return Arrays.stream(methods).anyMatch(names::contains);
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
              List.of(scores.table(false, GpReport::label))));
    }
    if (repeats != null) {
      sections.add(
          new Section(
              "Repeated training",
              List.of(
                  "Means over "
                      + repeats.trainings()
                      + " trainings of every network from different seeds, on the same training pairs and test fields;"
                      + " standard errors from the spread between them."),
              List.of(repeats.table(GpReport::label))));
    }
    List<String> notes = notes();
    if (!notes.isEmpty()) {
      sections.add(new Section("Reverse Kullback-Leibler, prior and summary", notes, List.of()));
    }
    Panels binding = binding();
    if (binding != null) {
      sections.add(
          new Section(
              "Summaries and binding functions",
              List.of(
                  "The summary of every test field against its true length scale, and the binding function: the mean of"
                      + " the summary given theta, with 1.95 standard deviations on both sides."),
              List.of(binding)));
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
              List.of(scores.published(GpReport::label))));
    }
    if (effort != null) {
      sections.add(
          new Section("When training pays", Effort.sentences(effort), List.of(work(effort))));
    }
    List<String> gaps =
        results.stream()
            .map(r -> GapReport.sentence(run, r.method(), label(r.method())))
            .flatMap(java.util.Optional::stream)
            .toList();
    if (!gaps.isEmpty()) {
      sections.add(new Section("Which amortized posteriors to trust", gaps, List.of()));
    }
    List<String> chains = GaussianProcessStudy.verdicts(run, GpReport::label);
    if (!chains.isEmpty()) {
      chains.addFirst(Diagnostics.LIMITS);
      sections.add(new Section("Markov chains", chains, List.of()));
    }
    List<Block> losses = losses();
    if (!losses.isEmpty()) {
      sections.add(
          new Section(
              "Training",
              List.of(
                  "Mean loss of each epoch on training and validation pairs; networks keep the best epoch. Losses that"
                      + " compare the samples of a batch (of a ratio, of a summary by mutual information) depend on its"
                      + " size, which is larger in validation: their two curves stand at different levels."),
              losses));
    }
    return new StudyReport(
        "Gaussian process, one length scale",
        "Amortized inference for the length scale of a Gaussian process on a 16 x 16 lattice, held against the exact"
            + " answer",
        settings(),
        sections);
  }

  /// What must be said where our table stands beside the published one.
  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (has("rkl1", "rkl2", "rkl3", "rkl1-gaussian", "rkl1-published")) {
      notes.add(
          "Our reverse Kullback-Leibler losses keep the prior of the unconstrained parameter; the published ones leave it"
              + " out: they minimise log q(u) - log p(Z | theta(u)) without log p(u), which pulls the posterior"
              + " towards the edges of the prior and costs coverage. rKL1 uses a spline flow here; the published rKL1"
              + " is Gaussian.");
    }
    PriorTerm.sentence(scores).ifPresent(notes::add);
    if (summaryAlone != null) {
      notes.add("rKL2 sees a field through one number. " + SummaryShare.sentence(summaryAlone));
    }
    return notes;
  }

  /// Summaries of the test fields and binding functions, or null where no method has one.
  private Panels binding() {
    if (run.test.theta() == null) {
      return null;
    }
    int cells = 120;
    double[] theta = new double[cells];
    for (int g = 0; g < cells; g++) {
      theta[g] = (g + 0.5) / cells * GaussianProcess.UPPER;
    }
    List<Panels.Panel> panels = new ArrayList<>();
    for (MethodResult r : results) {
      if (Methods.of(r.method()) instanceof SummaryMethod m && m.byDefault()) {
        double[] s = m.summaries(run.test.fields(), r.networks(), run.device);
        SummaryMethod.Binding b = m.binding(theta, r.networks(), run.device);
        double[] low = new double[cells];
        double[] high = new double[cells];
        for (int g = 0; g < cells; g++) {
          low[g] = b.mean()[g] - 1.95 * b.deviation()[g];
          high[g] = b.mean()[g] + 1.95 * b.deviation()[g];
        }
        panels.add(
            new Panels.Panel(
                m.label(),
                new Panels.Axis("θ", 0, GaussianProcess.UPPER),
                Panels.Axis.fitted("summary"),
                List.of(
                    new Panels.Points(m.label(), run.test.theta(), s),
                    new Panels.Curve("mean ± 1.95 sd", theta, low),
                    new Panels.Curve("mean ± 1.95 sd", theta, high),
                    new Panels.Curve("mean of the summary", theta, b.mean()))));
      }
    }
    return panels.isEmpty()
        ? null
        : new Panels("Summaries of the test fields, and their binding functions", panels);
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

  /// A method's network in words: `rkl2-binding` of rkl2 is its binding function, `rkl2` the
  /// posterior.
  private static String part(String method, int i) {
    String name = Methods.of(method).parts().get(i).name();
    return name.equals(method) ? "posterior" : name.replace(method + "-", "");
  }

  private List<Block> losses() {
    List<LossCurves.Curve> curves = new ArrayList<>();
    for (MethodResult r : results) {
      for (int i = 0; i < r.networks().size(); i++) {
        List<Trained.Epoch> history = r.networks().get(i).history();
        curves.add(
            new LossCurves.Curve(
                label(r.method()),
                r.networks().size() == 1 ? "" : part(r.method(), i),
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
