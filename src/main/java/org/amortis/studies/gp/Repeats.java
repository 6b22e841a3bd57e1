package org.amortis.studies.gp;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.amortis.inference.diagnose.Summary;
import org.amortis.io.Csv;
import org.amortis.report.ScoreTable;

/// Networks of the same run trained again from other seeds: how much of a score is the luck of
/// training.
///
/// Pairs, test fields and the seeds of draws stay; first values, the order of pairs, augmentation
/// and dropout change. Training 1 is the run itself.
///
/// @param exact scores of the exact posterior, or null
/// @param rows by method, then by training
record Repeats(int trainings, int fields, Summary exact, List<Row> rows) {
  /// The scores of one training.
  record Row(String method, int training, Summary scores) {}

  /// Trains and scores every chosen method that has networks; training 1 is scored already.
  static Repeats of(Run run, GpScores first) {
    List<Row> rows = new ArrayList<>();
    int trainings = run.options.repeats();
    for (String name : run.options.methods()) {
      Method method = Methods.of(name);
      if (!method.parts().isEmpty()) {
        rows.add(new Row(name, 1, first.of(name).summary()));
      }
    }
    for (int k = 2; k <= trainings; k++) {
      // One run a training, so that networks which methods share are trained once in it.
      Run again = run.repeat(k);
      for (String name : run.options.methods()) {
        Method method = Methods.of(name);
        if (!method.parts().isEmpty()) {
          run.cancellation().check();
          MethodResult r = method.run(again);
          rows.add(new Row(name, k, GpScores.of(r, run.test.theta()).summary()));
        }
      }
    }
    List<Row> ordered = new ArrayList<>();
    for (String name : run.options.methods()) {
      rows.stream().filter(r -> r.method().equals(name)).forEach(ordered::add);
    }
    boolean compared = first.of("exact") != null;
    return new Repeats(
        trainings, run.test.count(), compared ? first.of("exact").summary() : null, ordered);
  }

  /// One row a method and training.
  Csv csv() {
    Csv csv =
        new Csv(
            "method",
            "training",
            "rmspe",
            "mis90",
            "crps",
            "cov90",
            "rmspe_excess",
            "mis90_excess",
            "crps_excess");
    for (Row r : rows) {
      Summary s = r.scores();
      csv.row(
          r.method(),
          r.training(),
          s.rmspe(),
          s.mis90(),
          s.crps(),
          s.cov90(),
          excess(s, Summary::rmspe),
          excess(s, Summary::mis90),
          excess(s, Summary::crps));
    }
    return csv;
  }

  private double excess(Summary s, ToDoubleFunction<Summary> score) {
    return exact == null ? Double.NaN : score.applyAsDouble(s) / score.applyAsDouble(exact) - 1;
  }

  /// Means over trainings, with the standard error of the mean from the spread between them.
  ///
  /// @param name what a method is called there
  ScoreTable table(UnaryOperator<String> name) {
    List<ScoreTable.Row> table = new ArrayList<>();
    for (String method : rows.stream().map(Row::method).distinct().toList()) {
      List<Summary> s =
          rows.stream().filter(r -> r.method().equals(method)).map(Row::scores).toList();
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

  private ScoreTable.Score score(List<Summary> trained, ToDoubleFunction<Summary> score) {
    double[] values = trained.stream().mapToDouble(score).toArray();
    double[] excess = trained.stream().mapToDouble(s -> excess(s, score)).toArray();
    return new ScoreTable.Score(
        mean(values), standardError(values), mean(excess), standardError(excess));
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
