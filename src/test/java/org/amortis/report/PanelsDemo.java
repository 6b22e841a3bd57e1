package org.amortis.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Figures of free form as the other studies need them, from made-up numbers.
public final class PanelsDemo {
  private PanelsDemo() {}

  /// Writes the demo to the file named.
  public static void main(String[] args) {
    HtmlReport.write(report(100), Path.of(args[0]));
  }

  static StudyReport report(int cells) {
    return new StudyReport(
        "Figures of free form",
        "Scatter and surface, summaries with bands, contours of two parameters",
        List.of(new Setting("cells", cells + " × " + cells)),
        List.of(
            new Section("Classifier", List.of(), List.of(ratio(cells))),
            new Section("Summaries", List.of(), List.of(summaries())),
            new Section("Two parameters", List.of(), List.of(contours()))));
  }

  static Panels ratio(int cells) {
    SplittableRandom random = new SplittableRandom(1);
    double[][] pairs = new double[4][1_000];
    for (int i = 0; i < 1_000; i++) {
      pairs[0][i] = random.nextDouble();
      pairs[1][i] = pairs[0][i] * (1 + random.nextGaussian());
      pairs[2][i] = random.nextDouble();
      pairs[3][i] = pairs[1][(i + 137) % 1_000 > i ? i : (i * 7) % (i + 1)];
    }
    double[] x = new double[cells];
    double[] y = new double[cells];
    double[][] c = new double[cells][cells];
    double[][] learned = new double[cells][cells];
    for (int i = 0; i < cells; i++) {
      x[i] = (i + 0.5) / cells;
      for (int j = 0; j < cells; j++) {
        y[j] = -2 + 6 * (j + 0.5) / cells;
        double u = (y[j] - x[i]) / x[i];
        double p = StrictMath.exp(-0.5 * u * u) / x[i] / 2.5;
        c[i][j] = p / (p + 0.35 * StrictMath.exp(-Math.abs(y[j] - 0.4)));
        learned[i][j] = Math.clamp(c[i][j] + 0.04 * random.nextGaussian(), 0.0, 1.0);
      }
    }
    Panels.Axis theta = new Panels.Axis("θ", 0, 1);
    Panels.Axis z = new Panels.Axis("Z", -2, 4);
    return new Panels(
        "Pairs (θ, Z), the Bayes classifier and the learned one.",
        List.of(
            new Panels.Panel(
                "Pairs",
                theta,
                z,
                List.of(
                    new Panels.Points("independent", pairs[2], pairs[3]),
                    new Panels.Points("dependent", pairs[0], pairs[1]))),
            new Panels.Panel("Bayes classifier", theta, z, List.of(surface(x, y, c))),
            new Panels.Panel("Learned classifier", theta, z, List.of(surface(x, y, learned)))));
  }

  private static Panels.Surface surface(double[] x, double[] y, double[][] values) {
    return new Panels.Surface("c", x, y, values, 0, 1, Panels.Tones.RED_WHITE_BLUE);
  }

  static Panels summaries() {
    List<Panels.Panel> panels = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(2);
    for (String method : List.of("rKL2", "rKL3")) {
      double[] theta = new double[300];
      double[] s = new double[300];
      Arrays.setAll(theta, i -> 0.6 * random.nextDouble());
      Arrays.setAll(s, i -> 40 / (1 + 9 * theta[i]) + (1 + theta[i]) * random.nextGaussian());
      double[] at = new double[61];
      Arrays.setAll(at, i -> 0.01 * i);
      double[] mean = Arrays.stream(at).map(t -> 40 / (1 + 9 * t)).toArray();
      double[] low = Arrays.stream(at).map(t -> 40 / (1 + 9 * t) - 1.95 * (1 + t)).toArray();
      double[] high = Arrays.stream(at).map(t -> 40 / (1 + 9 * t) + 1.95 * (1 + t)).toArray();
      panels.add(
          new Panels.Panel(
              method,
              new Panels.Axis("θ", 0, 0.6),
              Panels.Axis.fitted("summary"),
              List.of(
                  new Panels.Points("test summaries", theta, s),
                  new Panels.Band(method, at, low, high),
                  new Panels.Curve(method, at, mean))));
    }
    return new Panels("Summaries against θ with mean and ±1.95 sd.", panels);
  }

  static Panels contours() {
    SplittableRandom random = new SplittableRandom(4);
    double[] x = new double[61];
    double[] y = new double[61];
    Arrays.setAll(x, i -> 0.6 * i / 60);
    Arrays.setAll(y, i -> 0.5 + 2.5 * i / 60);
    List<Panels.Panel> panels = new ArrayList<>();
    for (double[] truth : new double[][] {{0.05, 1.5}, {0.2, 1.4}, {0.4, 2.2}}) {
      List<Panels.Layer> layers = new ArrayList<>();
      for (String method : List.of("fKL", "NRE")) {
        double[] a = new double[1_000];
        double[] b = new double[1_000];
        for (int i = 0; i < 1_000; ) {
          double u = random.nextGaussian();
          a[i] = truth[0] * (1 + 0.25 * u);
          b[i] = truth[1] - 0.35 * u + 0.3 * random.nextGaussian();
          i += a[i] > 0 && a[i] < 0.6 && b[i] > 0.5 && b[i] < 3 ? 1 : 0;
        }
        double[][] p = Contour.density(a, b, x, y, new double[] {0, 0.6, 0.5, 3});
        for (double mass : new double[] {0.5, 0.9}) {
          double[][] line = Contour.lines(x, y, p, Contour.level(p, mass));
          layers.add(new Panels.Curve(method, line[0], line[1]));
        }
      }
      layers.add(new Panels.Points("truth", new double[] {truth[0]}, new double[] {truth[1]}));
      panels.add(
          new Panels.Panel(
              "λ = " + truth[0] + ", κ = " + truth[1],
              new Panels.Axis("λ", 0, 0.6),
              new Panels.Axis("κ", 0.5, 3),
              layers));
    }
    return new Panels("Regions of highest posterior density holding 50 % and 90 %.", panels);
  }
}
