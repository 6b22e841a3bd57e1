package org.amortis.studies.decision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.amortis.io.Csv;
import org.amortis.report.Panels;
import org.amortis.report.PlainTable;
import org.amortis.report.Section;
import org.amortis.report.Setting;
import org.amortis.report.StudyReport;
import org.amortis.studies.StudyOptions;
import org.amortis.studies.decision.SimpleModel.Decision;

/// What the decision study says: risks of the minimiser and of the trained rule, figures.
final class DecisionReport {
  private static final String MINIMISER = "exact";
  private static final String TRAINED = "NBE";
  private static final double[] SLICES = {-0.2, 0.2, 0.5, 0.8, 1.2};
  private static final Panels.Axis DATA =
      new Panels.Axis("X", DecisionStudy.LOW, DecisionStudy.HIGH);
  private static final Panels.Axis DECISION = new Panels.Axis("δ", 0, 1);

  private final StudyOptions options;
  private final DecisionBudget budget;
  private final float[] test;
  private final DecisionStudy.Rule rule;

  DecisionReport(
      StudyOptions options, DecisionBudget budget, float[] test, DecisionStudy.Rule rule) {
    this.options = options;
    this.budget = budget;
    this.test = test;
    this.rule = rule;
  }

  /// Risks over the test data.
  ///
  /// @param least mean expected loss of the minimiser, the Bayes risk
  /// @param risk mean expected loss of the trained rule
  /// @param excess risk / least - 1
  /// @param error standard error of the excess, data set by data set
  /// @param distance root mean squared distance between the two decisions
  record Risk(double least, double risk, double excess, double error, double distance) {}

  Risk risk(Decision d) {
    int n = test.length;
    double least = 0;
    double[] regret = new double[n];
    double square = 0;
    for (int i = 0; i < n; i++) {
      double best = d.minimiser(test[i]);
      double g = d.expectedLoss(test[i], best);
      least += g / n;
      double found = rule == null ? best : rule.test()[3 * i + d.ordinal()];
      regret[i] = d.expectedLoss(test[i], found) - g;
      square += (found - best) * (found - best) / n;
    }
    double mean = Arrays.stream(regret).sum() / n;
    double spread = Arrays.stream(regret).map(r -> (r - mean) * (r - mean)).sum() / (n - 1.0) / n;
    return new Risk(
        least,
        least + mean,
        mean / least,
        StrictMath.sqrt(spread) / least,
        StrictMath.sqrt(square));
  }

  Csv csv() {
    Csv csv =
        new Csv("decision", "bayes_risk", "risk", "risk_excess", "risk_excess_se", "distance");
    for (Decision d : Decision.values()) {
      Risk r = risk(d);
      boolean trained = rule != null;
      csv.row(
          d.name().toLowerCase(Locale.ROOT),
          r.least,
          trained ? r.risk : null,
          trained ? r.excess : null,
          trained ? r.error : null,
          trained ? r.distance : null);
    }
    return csv;
  }

  PlainTable table() {
    List<List<String>> rows = new ArrayList<>();
    for (Decision d : Decision.values()) {
      Risk r = risk(d);
      rows.add(
          List.of(
              d.label,
              d.loss,
              number("%.5f", r.least),
              rule == null ? "" : number("%.5f", r.risk),
              rule == null ? "" : number("%.3f (%.3f)", 100 * r.excess, 100 * r.error),
              rule == null ? "" : number("%.4f", r.distance)));
    }
    return new PlainTable(
        List.of("decision", "loss", "Bayes risk", "trained", "excess, %", "rms distance"),
        rows,
        number(
            "Means over %,d data sets; standard errors in brackets; the distance is that of the"
                + " trained decision from the minimiser",
            test.length));
  }

  private static String number(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  StudyReport report() {
    List<Section> sections = new ArrayList<>();
    sections.add(
        new Section(
            "The decision rule",
            List.of(
                "An estimate is a decision δ at the data X. Its expected loss is g(X, δ) ="
                    + " E(L(θ, δ) | X); for each X there is a best δ. Amortized inference trains one"
                    + " function δ(X) that goes through all these minima at once, by minimising the"
                    + " mean loss over simulated pairs; g itself is never computed.",
                number(
                    "Model: θ ~ U(0, 1), X | θ ~ N(θ, %.2f²), so g and its minimiser have closed"
                        + " forms. Colours show the root of the loss above that of the best decision at"
                        + " the same X, in units of the Bayes risk.",
                    SimpleModel.SPREAD)),
            List.of(surfaces(), table())));
    sections.add(
        new Section(
            "At single data sets",
            List.of(
                "The expected loss as a function of δ at five values of X, with its minimum and the"
                    + " decision of the trained rule."),
            List.of(slices())));
    if (rule != null && !rule.sequence().isEmpty()) {
      sections.add(
          new Section(
              "While it trains",
              List.of("The rule before training and after some of its epochs."),
              List.of(sequence())));
    }
    return new StudyReport(
        "Amortized inference as a decision rule",
        "The loss of every decision, its minima, and a trained estimator that traces them",
        List.of(
            new Setting("profile", options.profile().label()),
            new Setting("training pairs", number("%,d", budget.train())),
            new Setting("epochs", Integer.toString(budget.epochs())),
            new Setting("test data sets", number("%,d", test.length)),
            new Setting("seed", Long.toString(options.seed()))),
        sections);
  }

  private double[] trained(double[] grid, Decision d) {
    return IntStream.range(0, budget.cells()).mapToDouble(i -> grid[3 * i + d.ordinal()]).toArray();
  }

  private Panels surfaces() {
    int cells = budget.cells();
    double[] x = DecisionStudy.data(cells);
    double[] delta = DecisionStudy.decisions(cells);
    List<Panels.Panel> panels = new ArrayList<>();
    for (Decision d : Decision.values()) {
      double unit = risk(d).least;
      double[][] g = new double[cells][cells];
      double[] best = new double[cells];
      for (int i = 0; i < cells; i++) {
        best[i] = d.minimiser(x[i]);
        double least = d.expectedLoss(x[i], best[i]);
        for (int j = 0; j < cells; j++) {
          double excess = (d.expectedLoss(x[i], delta[j]) - least) / unit;
          // Roots make the valley visible beside its walls; four digits keep the page small.
          g[i][j] = StrictMath.rint(1e4 * StrictMath.sqrt(StrictMath.max(excess, 0))) / 1e4;
        }
      }
      List<Panels.Layer> layers = new ArrayList<>();
      layers.add(new Panels.Surface("root of excess loss", x, delta, g, 0, 4, Panels.Tones.PALE));
      layers.add(new Panels.Curve(MINIMISER, x, best));
      if (rule != null) {
        layers.add(new Panels.Curve(TRAINED, x, trained(rule.grid(), d)));
      }
      panels.add(new Panels.Panel(d.label + ": " + d.loss, DATA, DECISION, layers));
    }
    return new Panels(
        "Loss g(X, δ) above its minimum at each X, that minimum, and the trained rule δ(X).",
        panels);
  }

  private Panels slices() {
    int points = 121;
    List<Panels.Panel> panels = new ArrayList<>();
    for (Decision d : Decision.values()) {
      List<Panels.Layer> layers = new ArrayList<>();
      double[] best = new double[SLICES.length];
      double[] least = new double[SLICES.length];
      double[] found = new double[SLICES.length];
      double[] loss = new double[SLICES.length];
      for (int k = 0; k < SLICES.length; k++) {
        double x = SLICES[k];
        double[] delta = new double[points];
        double[] g = new double[points];
        for (int j = 0; j < points; j++) {
          delta[j] = (j + 0.5) / points;
          g[j] = d.expectedLoss(x, delta[j]);
        }
        layers.add(new Panels.Curve("X = " + x, delta, g));
        best[k] = d.minimiser(x);
        least[k] = d.expectedLoss(x, best[k]);
        found[k] = rule == null ? Double.NaN : at(x, d);
        loss[k] = rule == null ? Double.NaN : d.expectedLoss(x, found[k]);
      }
      layers.add(new Panels.Points(MINIMISER, best, least));
      if (rule != null) {
        layers.add(new Panels.Points(TRAINED, found, loss));
      }
      panels.add(
          new Panels.Panel(
              d.label,
              DECISION,
              new Panels.Axis("g(X, δ)", 0, d == Decision.MEAN ? 0.25 : 0.2),
              layers));
    }
    return new Panels("Expected loss at five data sets.", panels);
  }

  /// The trained rule at x, linear between the grid's midpoints.
  private double at(double x, Decision d) {
    double place =
        (x - DecisionStudy.LOW) / (DecisionStudy.HIGH - DecisionStudy.LOW) * budget.cells() - 0.5;
    int i = (int) StrictMath.min(StrictMath.max(place, 0), budget.cells() - 2);
    double a = rule.grid()[3 * i + d.ordinal()];
    double b = rule.grid()[3 * i + 3 + d.ordinal()];
    return a + (place - i) * (b - a);
  }

  private Panels sequence() {
    double[] x = DecisionStudy.data(budget.cells());
    List<Panels.Panel> panels = new ArrayList<>();
    for (Decision d : Decision.values()) {
      List<Panels.Layer> layers = new ArrayList<>();
      rule.sequence()
          .forEach((epoch, grid) ->
              layers.add(
                  new Panels.Curve(
                      epoch == 0 ? "before training" : "epoch " + epoch, x, trained(grid, d))));
      double[] best = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        best[i] = d.minimiser(x[i]);
      }
      layers.add(new Panels.Curve(MINIMISER, x, best));
      panels.add(new Panels.Panel(d.label, DATA, DECISION, layers));
    }
    return new Panels("The rule while it trains.", panels);
  }
}
