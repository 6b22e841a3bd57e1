package org.amortis.inference.diagnose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Whether posterior probabilities of models mean what they say.
///
/// The null hypothesis is that the model of a data set is drawn with the probabilities stated for
/// it. Then among data sets where model k has a probability near x a share x comes from it: the sum
/// over bins of `(observed - expected)^2 / sum p (1 - p)` is chi-square with as many degrees of
/// freedom as bins (Hosmer and Lemeshow 1980, for probabilities that were not fitted to these
/// data). Bins hold equally many data sets, neighbours joined until the variance in each is 5 at
/// least.
///
/// @param models one entry a model
/// @param score mean of `-log p` of the models that were true, in nats
/// @param expectedScore its expectation under the null, the mean entropy of the probabilities
/// @param scoreStandardError of the difference under the null
public record ModelCalibration(
    List<OfModel> models, double score, double expectedScore, double scoreStandardError) {
  private static final double LEAST_VARIANCE = 5;

  /// Data sets in which a model has similar probabilities.
  ///
  /// @param count number of data sets
  /// @param predicted mean probability
  /// @param observed share of data sets that the model made
  /// @param standardError of that share under the null
  public record Bin(int count, double predicted, double observed, double standardError) {}

  /// The check of one model.
  ///
  /// @param bins by increasing probability
  /// @param error expected calibration error, the mean of |observed - predicted| over data sets
  /// @param chiSquare statistic of the bins
  /// @param pValue of that statistic
  public record OfModel(List<Bin> bins, double error, double chiSquare, double pValue) {
    /// Copies the bins.
    public OfModel {
      bins = List.copyOf(bins);
    }
  }

  /// Copies the list.
  public ModelCalibration {
    models = List.copyOf(models);
  }

  /// The check of probabilities.
  ///
  /// @param probabilities `(n, K)`
  /// @param model index of the model that made each data set, `(n,)`
  /// @param bins most bins a model
  /// @throws IllegalArgumentException when the probabilities are no whole number a data set
  public static ModelCalibration of(double[] probabilities, int[] model, int bins) {
    int n = model.length;
    if (n == 0 || probabilities.length % n != 0 || bins < 1) {
      throw new IllegalArgumentException(
          probabilities.length + " probabilities do not fit " + n + " data sets");
    }
    int k = probabilities.length / n;
    List<OfModel> all = new ArrayList<>();
    for (int j = 0; j < k; j++) {
      all.add(ofModel(probabilities, model, k, j, bins));
    }
    double score = 0;
    double expected = 0;
    double variance = 0;
    for (int i = 0; i < n; i++) {
      double entropy = 0;
      double square = 0;
      for (int j = 0; j < k; j++) {
        double p = probabilities[i * k + j];
        double log = p > 0 ? -StrictMath.log(p) : 0;
        entropy += p * log;
        square += p * log * log;
      }
      score -= StrictMath.log(probabilities[i * k + model[i]]) / n;
      expected += entropy / n;
      variance += (square - entropy * entropy) / n / n;
    }
    return new ModelCalibration(all, score, expected, StrictMath.sqrt(variance));
  }

  private static OfModel ofModel(double[] probabilities, int[] model, int k, int j, int bins) {
    int n = model.length;
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> probabilities[i * k + j]));
    List<Bin> list = new ArrayList<>();
    double chi = 0;
    double error = 0;
    double sum = 0;
    double ones = 0;
    double v = 0;
    int count = 0;
    double left = 0;
    for (int i = 0; i < n; i++) {
      double p = probabilities[i * k + j];
      left += p * (1 - p);
    }
    for (int i = 0; i < n; i++) {
      double p = probabilities[order[i] * k + j];
      sum += p;
      ones += model[order[i]] == j ? 1 : 0;
      v += p * (1 - p);
      left -= p * (1 - p);
      count++;
      boolean full = (long) count * bins >= n && v >= LEAST_VARIANCE && left >= LEAST_VARIANCE;
      if (full || i == n - 1) {
        list.add(new Bin(count, sum / count, ones / count, StrictMath.sqrt(v) / count));
        chi += v > 0 ? (ones - sum) * (ones - sum) / v : ones == sum ? 0 : Double.POSITIVE_INFINITY;
        error += StrictMath.abs(ones - sum) / n;
        sum = 0;
        ones = 0;
        v = 0;
        count = 0;
      }
    }
    return new OfModel(list, error, chi, Uniformity.chiSquareTail(chi, list.size()));
  }

  /// Distance of the score from its expectation in standard errors: positive when the probabilities
  /// are surer than they may be.
  public double scoreZ() {
    return (score - expectedScore) / scoreStandardError;
  }

  /// Whether no test speaks against calibration at a level: each model's and the score's, with the
  /// level divided among them.
  ///
  /// @param level chance of a false alarm, for instance 0.01
  public boolean calibrated(double level) {
    double each = level / (models.size() + 1);
    double z = org.amortis.engine.math.Special.normalQuantile(1 - each / 2);
    return models.stream().allMatch(m -> m.pValue() >= each) && StrictMath.abs(scoreZ()) <= z;
  }

  /// The check as lines of text, each ended by a line feed.
  public String table(List<String> names) {
    StringBuilder s = new StringBuilder();
    for (int j = 0; j < models.size(); j++) {
      OfModel m = models.get(j);
      line(
          s,
          "%s: calibration error %.4f, chi-square %.1f of %d, p %.3g",
          names.get(j),
          m.error(),
          m.chiSquare(),
          m.bins().size(),
          m.pValue());
      line(s, "%10s %10s %10s %8s", "data sets", "predicted", "observed", "(se)");
      for (Bin b : m.bins()) {
        line(s, "%10d %10.4f %10.4f %8.4f", b.count, b.predicted, b.observed, b.standardError);
      }
    }
    line(s, "log score %.4f, %.4f (%.4f) if exact", score, expectedScore, scoreStandardError);
    return s.toString();
  }

  private static void line(StringBuilder s, String format, Object... values) {
    s.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
