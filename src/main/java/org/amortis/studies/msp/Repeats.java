package org.amortis.studies.msp;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.amortis.inference.diagnose.Summary;
import org.amortis.io.Csv;
import org.amortis.report.ScoreTable;

/// Networks of the same run trained again from other seeds: how much of a score is the luck of
/// training.
///
/// Pairs, test fields and the seeds of draws stay; first values, the order of pairs and
/// augmentation change. Training 1 is the run itself.
///
/// @param rows by method, then by training, then by parameter
record Repeats(int trainings, int fields, List<Row> rows) {
  /// The scores of one training for one parameter.
  record Row(Method method, int training, int parameter, Summary scores) {}

  /// Trains and scores every chosen method that has a network; training 1 is there already.
  static Repeats of(Run run, List<Found> first) {
    List<Row> rows = new ArrayList<>();
    int trainings = run.options.repeats();
    List<Run> again = new ArrayList<>();
    for (int k = 1; k <= trainings; k++) {
      again.add(run.repeat(k));
    }
    for (Found f : first) {
      for (int k = 1; k <= trainings && f.method() instanceof NetworkMethod; k++) {
        run.cancellation().check();
        Found found = k == 1 ? f : f.method().run(again.get(k - 1));
        for (int p = 0; p < 2; p++) {
          rows.add(new Row(f.method(), k, p, found.scores(run.test.theta(), p).summary()));
        }
      }
    }
    return new Repeats(trainings, run.test.count(), rows);
  }

  /// One row a method, training and parameter.
  Csv csv() {
    Csv csv = new Csv("method", "training", "parameter", "rmspe", "mis90", "crps", "cov90");
    for (Row r : rows) {
      Summary s = r.scores();
      csv.row(
          r.method().name(),
          r.training(),
          MspReport.NAMES.get(r.parameter()),
          s.rmspe(),
          s.mis90(),
          s.crps(),
          s.cov90());
    }
    return csv;
  }

  /// Means over trainings for one parameter, with the standard error of the mean from the spread
  /// between them.
  ///
  /// @param name what a method is called there
  ScoreTable table(int parameter, Function<Method, String> name) {
    List<ScoreTable.Row> table = new ArrayList<>();
    for (Method method : rows.stream().map(Row::method).distinct().toList()) {
      List<Summary> s =
          rows.stream()
              .filter(r -> r.method().equals(method) && r.parameter() == parameter)
              .map(Row::scores)
              .toList();
      table.add(
          new ScoreTable.Row(
              name.apply(method),
              score(s, Summary::rmspe),
              score(s, Summary::mis90),
              score(s, Summary::crps),
              mean(s.stream().mapToDouble(Summary::cov90).toArray()),
              ScoreTable.Medians.NONE,
              Double.NaN,
              Double.NaN));
    }
    return new ScoreTable(fields, table);
  }

  private static ScoreTable.Score score(List<Summary> trained, ToDoubleFunction<Summary> score) {
    double[] x = trained.stream().mapToDouble(score).toArray();
    double mean = mean(x);
    double sum = 0;
    for (double v : x) {
      sum += (v - mean) * (v - mean);
    }
    double error = StrictMath.sqrt(sum / (x.length - 1) / x.length);
    return new ScoreTable.Score(mean, error, Double.NaN, Double.NaN);
  }

  private static double mean(double[] x) {
    double sum = 0;
    for (double v : x) {
      sum += v;
    }
    return sum / x.length;
  }
}
