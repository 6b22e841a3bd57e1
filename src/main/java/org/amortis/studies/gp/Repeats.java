package org.amortis.studies.gp;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.amortis.inference.diagnose.Summary;
import org.amortis.io.Csv;
import org.amortis.report.ScoreTable;
import org.amortis.studies.TrainingSpread;

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
          TrainingSpread.excess(s, exact, Summary::rmspe),
          TrainingSpread.excess(s, exact, Summary::mis90),
          TrainingSpread.excess(s, exact, Summary::crps));
    }
    return csv;
  }

  /// Means over trainings, with the standard error of the mean from the spread between them.
  ///
  /// @param name what a method is called there
  ScoreTable table(UnaryOperator<String> name) {
    List<ScoreTable.Row> table = new ArrayList<>();
    for (String method : rows.stream().map(Row::method).distinct().toList()) {
      List<Summary> trained =
          rows.stream().filter(r -> r.method().equals(method)).map(Row::scores).toList();
      table.add(new TrainingSpread(trained, exact).row(name.apply(method)));
    }
    return new ScoreTable(fields, table);
  }
}
