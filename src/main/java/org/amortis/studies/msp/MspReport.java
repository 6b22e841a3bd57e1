package org.amortis.studies.msp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amortis.inference.diagnose.FieldScores;
import org.amortis.inference.diagnose.PairedBootstrap;
import org.amortis.io.Csv;
import org.amortis.report.Block;
import org.amortis.report.Contour;
import org.amortis.report.LossCurves;
import org.amortis.report.Panels;
import org.amortis.report.Recovery;
import org.amortis.report.ScoreTable;
import org.amortis.report.Section;
import org.amortis.report.Setting;
import org.amortis.report.StudyReport;

/// Tables and report of the study, from what the methods found.
final class MspReport {
  /// The parameters as the files name them.
  static final List<String> NAMES = List.of("lambda", "k");

  private static final String[] SYMBOLS = {"λ", "k"};
  private static final double[] LOWER = {0, Schlather.K_LOWER};
  private static final double[] UPPER = {Schlather.LAMBDA_UPPER, Schlather.K_UPPER};

  /// Grid of the contours, a side.
  private static final int GRID = 60;

  private final Run run;
  private final List<Found> results;
  private final Repeats repeats;
  private final List<Map<String, FieldScores>> scores = new ArrayList<>();
  private final List<Map<String, PairedBootstrap.Excess>> errors = new ArrayList<>();

  /// @param repeats further trainings, or null
  MspReport(Run run, List<Found> results, Repeats repeats) {
    this.run = run;
    this.results = results;
    this.repeats = repeats;
    double[] theta = run.test.theta();
    for (int p = 0; p < 2 && theta != null; p++) {
      Map<String, FieldScores> some = new LinkedHashMap<>();
      Map<String, PairedBootstrap.Excess> bootstrap = new LinkedHashMap<>();
      for (Found f : results) {
        FieldScores s = f.scores(theta, p);
        some.put(f.method().name(), s);
        bootstrap.put(f.method().name(), PairedBootstrap.scores(s, run.seed(Seeds.BOOTSTRAP)));
      }
      scores.add(some);
      errors.add(bootstrap);
    }
  }

  /// The scores of parameter p.
  ///
  /// @param labels whether methods are named as the review does
  ScoreTable table(int p, boolean labels, boolean times) {
    List<ScoreTable.Row> rows = new ArrayList<>();
    for (Found f : results) {
      String m = f.method().name();
      PairedBootstrap.Excess x = errors.get(p).get(m);
      rows.add(
          new ScoreTable.Row(
              labels ? f.method().label() : m,
              cell(x.rmspe()),
              cell(x.mis90()),
              cell(x.crps()),
              scores.get(p).get(m).summary().cov90(),
              ScoreTable.Medians.NONE,
              times ? run.files.fact(m, "train_seconds") : Double.NaN,
              times ? run.files.fact(m, "seconds_per_field") : Double.NaN));
    }
    return new ScoreTable(run.test.count(), rows);
  }

  private static ScoreTable.Score cell(PairedBootstrap.Score s) {
    return new ScoreTable.Score(s.value(), s.standardError(), Double.NaN, Double.NaN);
  }

  /// `table.csv`: a row a method and parameter, in natural units, without times.
  Csv csv() {
    Csv csv =
        new Csv(
            "method",
            "parameter",
            "rmspe",
            "mis90",
            "crps",
            "cov90",
            "rmspe_se",
            "mis90_se",
            "crps_se");
    for (Found f : results) {
      String m = f.method().name();
      for (int p = 0; p < 2; p++) {
        PairedBootstrap.Excess x = errors.get(p).get(m);
        csv.row(
            m,
            NAMES.get(p),
            x.rmspe().value(),
            x.mis90().value(),
            x.crps().value(),
            scores.get(p).get(m).summary().cov90(),
            x.rmspe().standardError(),
            x.mis90().standardError(),
            x.crps().standardError());
      }
    }
    return csv;
  }

  /// One sentence a method: its RMSPE against the pairwise likelihood's on the same fields.
  List<String> againstPairwise() {
    List<String> sentences = new ArrayList<>();
    if (scores.isEmpty() || !scores.getFirst().containsKey("pairwise")) {
      return sentences;
    }
    for (Found f : results) {
      String m = f.method().name();
      if (m.equals("pairwise")) {
        continue;
      }
      StringBuilder line =
          new StringBuilder(f.method().label()).append(" against the pairwise likelihood, RMSPE:");
      for (int p = 0; p < 2; p++) {
        PairedBootstrap.Score s =
            PairedBootstrap.excess(
                    scores.get(p).get(m), scores.get(p).get("pairwise"), run.seed(Seeds.BOOTSTRAP))
                .rmspe();
        line.append(
            String.format(
                Locale.ROOT,
                "%s %s %+.1f %% (standard error %.1f)",
                p == 0 ? "" : ",",
                NAMES.get(p),
                100 * s.excess(),
                100 * s.excessStandardError()));
      }
      sentences.add(line.toString());
    }
    return sentences;
  }

  StudyReport report() {
    List<Section> sections = new ArrayList<>();
    for (int p = 0; p < scores.size(); p++) {
      List<String> text = new ArrayList<>();
      if (p == 0) {
        text.add(
            String.format(
                Locale.ROOT,
                "Means over %,d test fields that no network has seen; lower is better, coverage should be 90 %%."
                    + " The likelihood of 256 sites cannot be computed, so there is no exact posterior to compare"
                    + " with; the pairwise likelihood gives point estimates only.",
                run.test.count()));
        text.addAll(againstPairwise());
      }
      sections.add(
          new Section(
              p == 0 ? "Scores: length scale λ" : "Scores: smoothness k",
              text,
              List.of(table(p, true, false))));
    }
    if (repeats != null) {
      sections.add(
          new Section(
              "Repeated training",
              List.of(
                  "Means over "
                      + repeats.trainings()
                      + " trainings from different seeds on the same pairs, with standard errors between them: first"
                      + " λ, then k."),
              List.of(repeats.table(0, Method::label), repeats.table(1, Method::label))));
    }
    sections.add(
        new Section(
            "Three fields in detail",
            List.of(
                "Fields simulated at known parameters, and below each the posteriors of both parameters: lines round"
                    + " the regions of highest density that hold 50 % and 90 % of the draws, points for estimates and"
                    + " for the truth."),
            List.of(fields(), contours())));
    if (!scores.isEmpty()) {
      sections.add(
          new Section(
              "Estimates against the truth",
              List.of("Posterior mean, or point estimate, against the true value."),
              List.of(recovery(0), recovery(1))));
    }
    List<LossCurves.Curve> curves = new ArrayList<>();
    for (Found f : results) {
      if (!f.history().isEmpty()) {
        curves.add(
            new LossCurves.Curve(
                f.method().label(),
                "",
                f.history().stream().mapToDouble(e -> e.train()).toArray(),
                f.history().stream().mapToDouble(e -> e.validation()).toArray()));
      }
    }
    if (!curves.isEmpty()) {
      sections.add(
          new Section(
              "Training",
              List.of(
                  "Mean loss of each epoch on training and validation pairs; networks keep the best epoch."),
              List.of(new LossCurves(curves))));
    }
    return new StudyReport(
        "Max-stable process, two parameters",
        "Amortized inference for the inverted Schlather process on a 16 x 16 lattice, whose likelihood cannot be"
            + " computed",
        settings(),
        sections);
  }

  private List<Setting> settings() {
    Budget b = run.budget;
    return List.of(
        new Setting("profile", run.options.profile().label()),
        new Setting("training fields", count(b.train())),
        new Setting("validation fields", count(b.validation())),
        new Setting("test fields", count(run.test.count())),
        new Setting("epochs", Integer.toString(b.epochs())),
        new Setting("posterior draws", count(b.draws())),
        new Setting("grid of the ratio", b.gridCells() + " x " + b.gridCells()),
        new Setting("prior", "λ ~ U(0, 0.6), k ~ U(0.5, 3)"),
        new Setting("correlation", "Whittle-Matérn"),
        new Setting("margins", "standard exponential"),
        new Setting("seed", Long.toString(run.options.seed())));
  }

  private static String count(int n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  private static String title(int field) {
    return String.format(
        Locale.ROOT, "λ = %.2f, k = %.1f", Run.MICRO[2 * field], Run.MICRO[2 * field + 1]);
  }

  private Block fields() {
    int side = Schlather.SIDE;
    double[] axis = new double[side];
    for (int i = 0; i < side; i++) {
      axis[i] = (double) i / (side - 1);
    }
    double cell = 0.5 / (side - 1);
    List<Panels.Panel> panels = new ArrayList<>();
    for (int f = 0; f < Run.MICRO.length / 2; f++) {
      double[][] x = new double[side][side];
      for (int s = 0; s < side * side; s++) {
        x[s / side][s % side] = -StrictMath.log(run.micro.values()[f * side * side + s]);
      }
      panels.add(
          new Panels.Panel(
              title(f),
              new Panels.Axis("s₁", -cell, 1 + cell),
              new Panels.Axis("s₂", -cell, 1 + cell),
              List.of(
                  new Panels.Surface("-log Z", axis, axis, x, -2, 5, Panels.Tones.SEQUENTIAL))));
    }
    return new Panels("The three micro-test fields.", panels);
  }

  private Block contours() {
    double[] prior = {LOWER[0], UPPER[0], LOWER[1], UPPER[1]};
    double[][] axes = new double[2][GRID];
    for (int p = 0; p < 2; p++) {
      for (int i = 0; i < GRID; i++) {
        axes[p][i] = LOWER[p] + (UPPER[p] - LOWER[p]) * (i + 0.5) / GRID;
      }
    }
    List<Panels.Panel> panels = new ArrayList<>();
    for (int f = 0; f < Run.MICRO.length / 2; f++) {
      List<Panels.Layer> layers = new ArrayList<>();
      for (Found r : results) {
        String label = r.method().label();
        if (r.kind() == Found.Kind.DRAWS) {
          double[] first = r.microDraws(f, 0);
          double[] second = r.microDraws(f, 1);
          double[][] density = Contour.density(first, second, axes[0], axes[1], prior);
          for (double mass : new double[] {0.5, 0.9}) {
            double[][] line =
                Contour.lines(axes[0], axes[1], density, Contour.level(density, mass));
            layers.add(new Panels.Curve(label, line[0], line[1]));
          }
        } else {
          double[] x = {r.micro()[f * r.width()]};
          double[] y = {r.micro()[f * r.width() + 1]};
          layers.add(new Panels.Points(label, x, y));
        }
      }
      double[] x = {Run.MICRO[2 * f]};
      double[] y = {Run.MICRO[2 * f + 1]};
      layers.add(new Panels.Points("truth", x, y));
      panels.add(
          new Panels.Panel(
              title(f),
              new Panels.Axis(SYMBOLS[0], LOWER[0], UPPER[0]),
              new Panels.Axis(SYMBOLS[1], LOWER[1], UPPER[1]),
              layers));
    }
    return new Panels("Posteriors of the three fields above.", panels);
  }

  private Recovery recovery(int p) {
    List<Recovery.Estimates> methods = new ArrayList<>();
    for (Found f : results) {
      double[][] c = f.central(p);
      methods.add(new Recovery.Estimates(f.method().label(), c[0], c[1], c[2]));
    }
    return new Recovery(SYMBOLS[p], LOWER[p], UPPER[p], Found.every(run.test.theta(), p), methods);
  }
}
