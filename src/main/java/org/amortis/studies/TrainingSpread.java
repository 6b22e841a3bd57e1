package org.amortis.studies;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.amortis.inference.diagnose.Summary;
import org.amortis.report.ScoreTable;

/// Scores of one method over several trainings of its networks: how much of them is the luck of
/// training.
///
/// @param trained the scores of each training, at least two
/// @param exact scores of the exact posterior on the same fields, or null
public record TrainingSpread(List<Summary> trained, Summary exact) {
  /// Copies the scores.
  public TrainingSpread {
    trained = List.copyOf(trained);
  }

  /// Means over trainings, with the standard error of the mean from the spread between them.
  ///
  /// @param name what the method is called in the table
  public ScoreTable.Row row(String name) {
    return new ScoreTable.Row(
        name,
        score(Summary::rmspe),
        score(Summary::mis90),
        score(Summary::crps),
        mean(trained.stream().mapToDouble(Summary::cov90).toArray()),
        ScoreTable.Medians.NONE,
        Double.NaN,
        Double.NaN);
  }

  private ScoreTable.Score score(ToDoubleFunction<Summary> score) {
    double[] values = trained.stream().mapToDouble(score).toArray();
    double[] excess = trained.stream().mapToDouble(s -> excess(s, exact, score)).toArray();
    return new ScoreTable.Score(
        mean(values), standardError(values), mean(excess), standardError(excess));
  }

  /// By which fraction a score lies above the exact posterior's; NaN where that is not known.
  public static double excess(Summary s, Summary exact, ToDoubleFunction<Summary> score) {
    return exact == null ? Double.NaN : score.applyAsDouble(s) / score.applyAsDouble(exact) - 1;
  }

  private static double mean(double[] x) {
    double sum = 0;
    for (double v : x) {
      sum += v;
    }
    return sum / x.length;
  }

  /// Standard error of the mean of independent values.
  static double standardError(double[] x) {
    double mean = mean(x);
    double sum = 0;
    for (double v : x) {
      sum += (v - mean) * (v - mean);
    }
    return StrictMath.sqrt(sum / (x.length - 1) / x.length);
  }
}
