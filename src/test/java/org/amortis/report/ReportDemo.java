package org.amortis.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A report of made-up but plausible results, to look at and to test with.
public final class ReportDemo {
  static final List<String> METHODS = List.of("MCMC", "NBE", "fKL", "rKL1", "rKL2", "rKL3", "NRE");
  private static final double[] EXCESS = {0.004, 0.052, 0.048, 0.071, 0.146, 0.102, 0.083};
  private static final double[] WIDTH = {1, 0.96, 1.02, 0.78, 0.95, 0.85, 1.06};

  private ReportDemo() {}

  /// Writes the demo to the file named first, with times if a second argument is given.
  public static void main(String[] args) {
    HtmlReport.write(report(1_000, METHODS, args.length > 1), Path.of(args[0]));
  }

  static StudyReport report(int fields, List<String> methods, boolean times) {
    List<Section> sections = new ArrayList<>();
    sections.add(
        new Section(
            "Scores",
            List.of(
                "Scores are means over "
                    + Numbers.count(fields)
                    + " test fields that no method has seen. Lower is"
                    + " better; the exact posterior, computed on a grid, is the best that any"
                    + " method can do on average."),
            List.of(scores(fields, methods))));
    sections.add(new Section("Three fields in detail", List.of(), List.of(micro(methods))));
    sections.add(
        new Section("Recovery of the parameter", List.of(), List.of(recovery(fields, methods))));
    sections.add(
        new Section(
            "Published definitions",
            List.of(
                "The review's table holds medians over its test fields, which an over-confident"
                    + " method can push below the exact posterior's. They stand here for"
                    + " comparison only; nothing is judged on them."),
            List.of(published())));
    if (times) {
      List<Cost> costs = costs(methods);
      sections.add(
          new Section(
              "What it costs",
              List.of("Training is paid once; afterwards a field costs next to nothing."),
              methods.contains("MCMC") && methods.size() > 1
                  ? List.of(new Timings(costs), new BreakEven("MCMC", costs))
                  : List.of(new Timings(costs))));
    }
    sections.add(new Section("Training", List.of(), List.of(losses(methods))));
    return new StudyReport(
        "Gaussian process, one length scale",
        "Seven ways to a posterior for the length scale θ of a Gaussian process on a 16 × 16 grid,"
            + " held against the exact answer",
        List.of(
            new Setting("profile", "standard"),
            new Setting("training fields", "16,000"),
            new Setting("validation fields", "2,000"),
            new Setting("test fields", Numbers.count(fields)),
            new Setting("posterior draws", "1,000"),
            new Setting("prior", "θ ~ U(0, 0.6)"),
            new Setting("covariance", "exp(−h / θ)"),
            new Setting("seed", "1")),
        sections);
  }

  static ScoreTable scores(int fields, List<String> methods) {
    List<ScoreTable.Row> rows = new ArrayList<>();
    rows.add(row("exact", 0, Double.NaN, 0.900, 0));
    for (int m = 0; m < methods.size(); m++) {
      double cov = new double[] {0.898, 0.887, 0.906, 0.866, 0.882, 0.841, 0.913}[m % 7];
      rows.add(row(methods.get(m), EXCESS[m % 7], 0.006 + 0.05 * EXCESS[m % 7], cov, m + 1));
    }
    return new ScoreTable(fields, rows);
  }

  private static ScoreTable.Row row(String method, double excess, double se, double cov, int m) {
    boolean nbe = method.equals("NBE");
    return new ScoreTable.Row(
        method,
        score(0.0289, excess * 0.7, se),
        score(0.1072, excess * (1.1 + 0.1 * (m % 3)), se * 1.3),
        nbe ? ScoreTable.Score.NONE : score(0.01476, excess * 0.9, se * 0.9),
        cov,
        new ScoreTable.Medians(0.0137 + 0.01 * excess, 0.0945, nbe ? Double.NaN : 0.0141),
        method.equals("exact") || method.equals("MCMC") ? Double.NaN : 40 + 31 * m,
        method.equals("MCMC") ? 0.21 : 0.0009);
  }

  private static ScoreTable.Score score(double exact, double excess, double se) {
    return new ScoreTable.Score(exact * (1 + excess), 0.03 * exact, excess, se);
  }

  static PublishedTable published() {
    double[][] printed = {
      {1.50, 9.55, 1.41, 89.6}, {1.56, 10.62, Double.NaN, 87.7}, {1.50, 9.89, 1.46, 90.6},
      {1.64, 9.80, 1.36, 77.7}, {1.88, 11.36, 1.61, 87.1}, {1.78, 9.07, 1.37, 81.6},
      {1.70, 10.99, 1.59, 91.3}
    };
    List<PublishedTable.Row> rows = new ArrayList<>();
    rows.add(
        new PublishedTable.Row(
            "exact",
            new ScoreTable.Medians(0.0137, 0.0945, 0.0139),
            0.9,
            ScoreTable.Medians.NONE,
            Double.NaN));
    for (int m = 0; m < METHODS.size(); m++) {
      double[] p = printed[m];
      double off = 1 + 0.04 * StrictMath.sin(m);
      rows.add(
          new PublishedTable.Row(
              METHODS.get(m),
              new ScoreTable.Medians(p[0] / 100 * off, p[1] / 100 * off, p[2] / 100 * off),
              0.88 + 0.004 * m,
              new ScoreTable.Medians(p[0] / 100, p[1] / 100, p[2] / 100),
              p[3] / 100));
    }
    return new PublishedTable(
        "Zammit-Mangion, Sainsbury-Dale and Huser (2025), arXiv 2404.12484, Section 5", rows);
  }

  static Micro micro(List<String> methods) {
    List<Micro.Field> fields = new ArrayList<>();
    double[] thetas = {0.1, 0.3, 0.5};
    for (int k = 0; k < 3; k++) {
      SplittableRandom random = new SplittableRandom(7 + k);
      double sd = new double[] {0.011, 0.055, 0.11}[k];
      double centre = thetas[k] * (1 + 0.06 * random.nextGaussian());
      double[] grid = new double[1_200];
      double[] log = new double[1_200];
      for (int i = 0; i < 1_200; i++) {
        grid[i] = (i + 0.5) * 0.0005;
        double u = (grid[i] - centre) / sd;
        log[i] = -0.5 * u * u + 0.08 * u * u * u / (1 + 0.2 * u * u);
      }
      List<Micro.Draws> draws = new ArrayList<>();
      List<Micro.Estimate> estimates = new ArrayList<>();
      for (int m = 0; m < methods.size(); m++) {
        double shift = EXCESS[m % 7] * 6 * sd * random.nextGaussian();
        if (methods.get(m).equals("NBE")) {
          estimates.add(new Micro.Estimate("NBE", centre + shift));
          continue;
        }
        double[] values = new double[1_000];
        for (int i = 0; i < values.length; ) {
          double x = centre + shift + sd * WIDTH[m % 7] * random.nextGaussian();
          if (x > 0 && x < 0.6) {
            values[i++] = x;
          }
        }
        draws.add(new Micro.Draws(methods.get(m), values));
      }
      fields.add(new Micro.Field(field(random, thetas[k]), thetas[k], grid, log, draws, estimates));
    }
    return new Micro("θ", 0, 0.6, fields);
  }

  /// A smooth random field by random cosine waves.
  private static float[][] field(SplittableRandom random, double theta) {
    float[][] z = new float[16][16];
    for (int wave = 0; wave < 400; wave++) {
      double angle = 2 * StrictMath.PI * random.nextDouble();
      double u = random.nextDouble();
      double frequency = StrictMath.sqrt(1 / ((1 - u) * (1 - u)) - 1) / theta;
      double phase = 2 * StrictMath.PI * random.nextDouble();
      for (int i = 0; i < 16; i++) {
        for (int j = 0; j < 16; j++) {
          double s = i / 15.0 * StrictMath.cos(angle) + j / 15.0 * StrictMath.sin(angle);
          z[i][j] += (float) (StrictMath.sqrt(2.0 / 400) * StrictMath.cos(frequency * s + phase));
        }
      }
    }
    return z;
  }

  static Recovery recovery(int fields, List<String> methods) {
    SplittableRandom random = new SplittableRandom(3);
    double[] theta = new double[fields];
    double[] noise = new double[fields];
    for (int i = 0; i < fields; i++) {
      theta[i] = 0.6 * random.nextDouble();
      noise[i] = random.nextGaussian();
    }
    List<Recovery.Estimates> all = new ArrayList<>();
    for (int m = 0; m < methods.size(); m++) {
      double[] mean = new double[fields];
      double[] q05 = new double[fields];
      double[] q95 = new double[fields];
      for (int i = 0; i < fields; i++) {
        double sd = 0.004 + 0.13 * theta[i] * (1 - 0.5 * theta[i]);
        double own = EXCESS[m % 7] * 4 * random.nextGaussian();
        mean[i] = shrunk(theta[i] + sd * (noise[i] + own));
        q05[i] = Math.max(0.001, mean[i] - 1.645 * sd * WIDTH[m % 7]);
        q95[i] = Math.min(0.599, mean[i] + 1.645 * sd * WIDTH[m % 7]);
      }
      all.add(new Recovery.Estimates(methods.get(m), mean, q05, q95));
    }
    return new Recovery("θ", 0, 0.6, theta, all);
  }

  private static double shrunk(double x) {
    double inside = Math.max(x, 0.003);
    return inside < 0.4 ? inside : 0.57 - 0.17 * StrictMath.exp((0.4 - inside) / 0.17);
  }

  static LossCurves losses(List<String> methods) {
    SplittableRandom random = new SplittableRandom(5);
    List<LossCurves.Curve> curves = new ArrayList<>();
    for (String method : methods) {
      switch (method) {
        case "MCMC" -> {}
        case "NBE" -> {
          curves.add(curve(random, method, "mean", 0.002, 0.0012, 24));
          curves.add(curve(random, method, "quantiles", 0.03, 0.008, 24));
        }
        case "rKL2", "rKL3" -> {
          curves.add(curve(random, method, "binding function", 0.4, -0.9, 20));
          curves.add(curve(random, method, "posterior", 3, -1.4, 10));
        }
        default -> curves.add(curve(random, method, "", 1.2, -1.8, 24));
      }
    }
    return new LossCurves(curves);
  }

  private static LossCurves.Curve curve(
      SplittableRandom random, String method, String network, double fall, double floor, int n) {
    double[] train = new double[n];
    double[] validation = new double[n];
    for (int e = 0; e < n; e++) {
      double base = floor + fall * StrictMath.exp(-0.22 * e);
      train[e] = base - 0.004 * fall * e;
      validation[e] =
          base + 0.02 * fall * random.nextGaussian() * StrictMath.exp(-0.05 * e) + 0.001 * e * fall;
    }
    return new LossCurves.Curve(method, network, train, validation);
  }

  static List<Cost> costs(List<String> methods) {
    List<Cost> costs = new ArrayList<>();
    for (int m = 0; m < methods.size(); m++) {
      boolean mcmc = methods.get(m).equals("MCMC");
      costs.add(
          new Cost(methods.get(m), mcmc ? 0 : 38 + 29.5 * m, mcmc ? 0.21 : 0.0008 + 0.0007 * m));
    }
    return costs;
  }
}
