package org.amortis.studies.ratio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.amortis.engine.math.Special;
import org.amortis.inference.diagnose.ClassifierCalibration;
import org.amortis.io.Csv;
import org.amortis.nn.train.Trained;
import org.amortis.report.LossCurves;
import org.amortis.report.Panels;
import org.amortis.report.PlainTable;
import org.amortis.report.Section;
import org.amortis.report.Setting;
import org.amortis.report.StudyReport;
import org.amortis.studies.StudyOptions;

/// What the ratio study says: scores against the Bayes classifier, calibration, figures.
final class RatioReport {
  static final int BINS = 20;
  private static final Map<String, String> LABELS =
      Map.of(
          Classifiers.BAYES, "Bayes classifier",
          Classifiers.LEARNED, "learned",
          Classifiers.PUBLISHED, "published settings");

  private final StudyOptions options;
  private final RatioBudget budget;
  private final RatioStudy.TestPairs pairs;
  private final Map<String, RatioStudy.Classified> results;
  private final Sequence sequence;
  private final double range;
  private final Map<String, ClassifierCalibration> calibrations = new LinkedHashMap<>();

  RatioReport(
      StudyOptions options,
      RatioBudget budget,
      RatioStudy.TestPairs pairs,
      Map<String, RatioStudy.Classified> results,
      Sequence sequence) {
    this.options = options;
    this.budget = budget;
    this.pairs = pairs;
    this.results = results;
    this.sequence = sequence;
    this.range = pairs.range();
    results.forEach((method, c) ->
        calibrations.put(method, ClassifierCalibration.of(c.joint(), c.independent(), BINS)));
  }

  /// Scores of one classifier.
  ///
  /// @param error mean |c - c*| over the test pairs of both kinds, |Z| inside the range
  /// @param standardError of that mean
  /// @param gridError the same over the grid, |Z| inside the range
  /// @param crossEntropy mean over pairs of both kinds, nats
  /// @param excess cross-entropy less that of the Bayes classifier
  /// @param excessError standard error of the excess, pair by pair
  record Scores(
      double error,
      double standardError,
      double gridError,
      double crossEntropy,
      double excess,
      double excessError) {}

  Scores scores(String method) {
    RatioStudy.Classified c = results.get(method);
    RatioStudy.Classified b = results.get(Classifiers.BAYES);
    int n = c.joint().length;
    List<Double> errors = new ArrayList<>();
    double entropy = 0;
    double[] excess = new double[2 * n];
    for (int i = 0; i < 2 * n; i++) {
      double l = i < n ? c.joint()[i] : c.independent()[i - n];
      double exact = i < n ? b.joint()[i] : b.independent()[i - n];
      float z = i < n ? pairs.z()[i] : pairs.otherZ()[i - n];
      double sign = i < n ? -1 : 1;
      double loss = Special.softplus(sign * l);
      entropy += loss / (2 * n);
      excess[i] = loss - Special.softplus(sign * exact);
      if (StrictMath.abs(z) <= range) {
        errors.add(StrictMath.abs(Special.sigmoid(l) - Special.sigmoid(exact)));
      }
    }
    double[] e = errors.stream().mapToDouble(x -> x).toArray();
    float[] z = RatioStudy.data(budget.cells());
    double grid = 0;
    int cells = 0;
    for (int i = 0; i < c.grid().length; i++) {
      if (StrictMath.abs(z[i / budget.cells()]) <= range) {
        grid += StrictMath.abs(Special.sigmoid(c.grid()[i]) - Special.sigmoid(b.grid()[i]));
        cells++;
      }
    }
    return new Scores(mean(e), error(e), grid / cells, entropy, mean(excess), error(excess));
  }

  private static double mean(double[] x) {
    return Arrays.stream(x).sum() / x.length;
  }

  private static double error(double[] x) {
    double m = mean(x);
    double square = Arrays.stream(x).map(v -> (v - m) * (v - m)).sum();
    return StrictMath.sqrt(square / (x.length - 1.0) / x.length);
  }

  Csv csv() {
    Csv csv =
        new Csv(
            "method",
            "mae",
            "mae_se",
            "mae_grid",
            "abs_z_99",
            "cross_entropy",
            "cross_entropy_excess",
            "cross_entropy_excess_se",
            "calibration_error",
            "calibration_error_expected",
            "calibration_error_se",
            "chi_square",
            "p_value",
            "balance",
            "balance_se",
            "mean_ratio",
            "mean_ratio_se",
            "heaviest_pair");
    for (String method : results.keySet()) {
      Scores s = scores(method);
      ClassifierCalibration c = calibrations.get(method);
      csv.row(
          method,
          s.error,
          s.standardError,
          s.gridError,
          range,
          s.crossEntropy,
          s.excess,
          s.excessError,
          c.error(),
          c.errorExpected(),
          c.errorStandardError(),
          c.chiSquare(),
          c.pValue(),
          c.balance(),
          c.balanceStandardError(),
          c.meanRatio(),
          c.meanRatioStandardError(),
          c.heaviest());
    }
    return csv;
  }

  /// What the terminal shows.
  String text() {
    StringBuilder s = new StringBuilder(table(false).text());
    s.append('\n').append(calibration(false).text());
    for (String method : results.keySet()) {
      if (method.equals(Classifiers.LEARNED)) {
        s.append('\n').append(method).append(": calibration check\n");
        s.append(calibrations.get(method).table());
      }
    }
    return s.toString();
  }

  private static String label(String method, boolean page) {
    return page ? LABELS.get(method) : method;
  }

  private PlainTable table(boolean page) {
    List<List<String>> rows = new ArrayList<>();
    for (String method : results.keySet()) {
      Scores s = scores(method);
      boolean exact = method.equals(Classifiers.BAYES);
      rows.add(
          List.of(
              label(method, page),
              exact ? "0" : number("%.4f (%.4f)", s.error, s.standardError),
              exact ? "0" : number("%.4f", s.gridError),
              number("%.4f", s.crossEntropy),
              exact ? "0" : number("%+.4f (%.4f)", s.excess, s.excessError)));
    }
    return new PlainTable(
        List.of("classifier", "MAE over pairs", "MAE on grid", "cross-entropy", "excess"),
        rows,
        number(
            "MAE: mean |c - c*| where |Z| < %.3f, which holds 99 %% of the %,d test pairs of both"
                + " kinds; standard errors in brackets; cross-entropy in nats",
            range, 2 * pairs.theta().length));
  }

  private PlainTable calibration(boolean page) {
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<String, ClassifierCalibration> e : calibrations.entrySet()) {
      ClassifierCalibration c = e.getValue();
      rows.add(
          List.of(
              label(e.getKey(), page),
              number("%.4f", c.error()),
              number("%.4f (%.4f)", c.errorExpected(), c.errorStandardError()),
              number("%.3g", c.pValue()),
              number("%.4f (%.4f)", c.balance(), c.balanceStandardError()),
              number("%.3f (%.3f)", c.meanRatio(), c.meanRatioStandardError()),
              c.calibrated(0.01) ? "calibrated" : "not calibrated"));
    }
    return new PlainTable(
        List.of(
            "classifier",
            "calibration error",
            "if exact",
            "p",
            "balance",
            "mean ratio",
            "at level 1 %"),
        rows,
        "Balance and mean ratio of independent pairs are 1 for the Bayes classifier. The ratio's"
            + " variance is infinite in this model, if barely: its mean counts only where no pair carries a tenth of"
            + " it.");
  }

  private static String number(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  StudyReport report() {
    List<Section> sections = new ArrayList<>();
    sections.add(
        new Section(
            "The classifier",
            List.of(
                "Pairs (θ, Z) of the model θ ~ U(0, 1), Z | θ ~ N(θ, θ²) are told from pairs whose θ"
                    + " belongs to other data. The best classifier is"
                    + " c* = p(Z | θ) / (p(Z | θ) + p(Z)), here by adaptive quadrature in log θ.",
                number(
                    "Both classifiers are shown at the midpoints of %d × %d cells of θ in (0, 1) and"
                        + " Z in (%.0f, %.0f); Z = 0, where p(Z) diverges, is no midpoint.",
                    budget.cells(), budget.cells(), RatioStudy.LOW, RatioStudy.HIGH)),
            List.of(figure(), table(true))));
    if (sequence != null) {
      sections.add(
          new Section(
              "While it trains",
              List.of("The learned classifier before training and after some of its epochs."),
              List.of(training())));
    }
    if (results.size() > 1) {
      sections.add(
          new Section(
              "Where it differs",
              List.of("Learned less Bayes classifier on the same grid."),
              List.of(differences())));
    }
    sections.add(
        new Section(
            "Calibration",
            List.of(
                "Among pairs of both kinds to which a calibrated classifier gives c, a share c"
                    + " belongs together. Bins hold equally many pairs."),
            List.of(reliability(), calibration(true))));
    List<LossCurves.Curve> curves = new ArrayList<>();
    results.forEach((method, c) -> {
      if (!c.history().isEmpty()) {
        curves.add(
            new LossCurves.Curve(
                LABELS.get(method),
                "",
                c.history().stream().mapToDouble(Trained.Epoch::train).toArray(),
                c.history().stream().mapToDouble(Trained.Epoch::validation).toArray()));
      }
    });
    if (!curves.isEmpty()) {
      sections.add(
          new Section(
              "Training",
              List.of(
                  "Binary cross-entropy of both kinds, summed. Every data set of a batch is paired"
                      + " with every θ of it."),
              List.of(new LossCurves(curves))));
    }
    return new StudyReport(
        "Likelihood-to-evidence ratio in one dimension",
        "The Bayes classifier between joint and independent pairs, and learned ones",
        List.of(
            new Setting("profile", options.profile().label()),
            new Setting("training pairs", number("%,d", budget.train())),
            new Setting("epochs", Integer.toString(budget.epochs())),
            new Setting("test pairs of each kind", number("%,d", pairs.theta().length)),
            new Setting("seed", Long.toString(options.seed()))),
        sections);
  }

  private static final Panels.Axis THETA = new Panels.Axis("θ", 0, 1);
  private static final Panels.Axis DATA = new Panels.Axis("Z", RatioStudy.LOW, RatioStudy.HIGH);

  private Panels figure() {
    int n = StrictMath.min(budget.shown(), pairs.theta().length);
    List<Panels.Panel> panels = new ArrayList<>();
    panels.add(
        new Panels.Panel(
            "Pairs",
            THETA,
            DATA,
            List.of(
                new Panels.Points(
                    "independent",
                    Arrays.copyOf(pairs.otherTheta(), n),
                    doubles(pairs.otherZ(), n)),
                new Panels.Points(
                    "dependent", Arrays.copyOf(pairs.theta(), n), doubles(pairs.z(), n)))));
    results.forEach((method, c) -> {
      if (!method.equals(Classifiers.PUBLISHED) || results.size() == 2) {
        double[] values = RatioStudy.classifier(c.grid());
        panels.add(map(LABELS.get(method), "c", values, budget.cells(), 0, 1));
      }
    });
    return new Panels(
        "Dependent and independent pairs, the Bayes classifier and the learned one.", panels);
  }

  private Panels training() {
    List<Panels.Panel> panels = new ArrayList<>();
    sequence
        .logRatios()
        .forEach((epoch, log) ->
            panels.add(
                map(
                    epoch == 0 ? "before training" : "epoch " + epoch,
                    "c",
                    RatioStudy.classifier(log),
                    sequence.cells(),
                    0,
                    1)));
    return new Panels("The learned classifier while it trains.", panels);
  }

  private Panels differences() {
    double[] exact = RatioStudy.classifier(results.get(Classifiers.BAYES).grid());
    List<Panels.Panel> panels = new ArrayList<>();
    results.forEach((method, c) -> {
      if (!method.equals(Classifiers.BAYES)) {
        double[] d = RatioStudy.classifier(c.grid());
        for (int i = 0; i < d.length; i++) {
          d[i] -= exact[i];
        }
        panels.add(map(LABELS.get(method), "difference", d, budget.cells(), -0.2, 0.2));
      }
    });
    return new Panels("Learned classifiers less the Bayes classifier.", panels);
  }

  private Panels reliability() {
    List<Panels.Layer> layers = new ArrayList<>();
    layers.add(new Panels.Curve("exact", new double[] {0, 1}, new double[] {0, 1}));
    calibrations.forEach((method, c) -> {
      double[] x = c.bins().stream().mapToDouble(ClassifierCalibration.Bin::predicted).toArray();
      double[] y = c.bins().stream().mapToDouble(ClassifierCalibration.Bin::observed).toArray();
      layers.add(new Panels.Curve(LABELS.get(method), x, y));
      layers.add(new Panels.Points(LABELS.get(method), x, y));
    });
    return new Panels(
        "Share of dependent pairs against the classifier's mean in bins of equally many pairs.",
        List.of(
            new Panels.Panel(
                "",
                new Panels.Axis("classifier", 0, 1),
                new Panels.Axis("share of dependent pairs", 0, 1),
                layers)));
  }

  /// A map of values `(Z, theta)`.
  private static Panels.Panel map(
      String title, String name, double[] values, int cells, double low, double high) {
    double[][] columns = new double[cells][cells];
    for (int i = 0; i < values.length; i++) {
      // Four digits are more than the eye sees and keep the page small.
      columns[i % cells][i / cells] = StrictMath.rint(values[i] * 1e4) / 1e4;
    }
    float[] z = RatioStudy.data(cells);
    return new Panels.Panel(
        title,
        THETA,
        DATA,
        List.of(
            new Panels.Surface(
                name,
                RatioStudy.thetas(cells),
                doubles(z, z.length),
                columns,
                low,
                high,
                Panels.Tones.RED_WHITE_BLUE)));
  }

  private static double[] doubles(float[] x, int n) {
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      y[i] = StrictMath.rint(x[i] * 1e5) / 1e5;
    }
    return y;
  }
}
