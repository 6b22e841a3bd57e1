package org.amortis.studies.msp;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.amortis.inference.diagnose.Summary;
import org.amortis.io.Csv;
import org.amortis.report.ScoreTable;
import org.amortis.studies.TrainingSpread;

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
      List<Summary> trained =
          rows.stream()
              .filter(r -> r.method().equals(method) && r.parameter() == parameter)
              .map(Row::scores)
              .toList();
      table.add(new TrainingSpread(trained, null).row(name.apply(method)));
    }
    return new ScoreTable(fields, table);
  }
}
