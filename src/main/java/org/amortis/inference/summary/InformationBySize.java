package org.amortis.inference.summary;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.inference.Observations;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.Simulations;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;

/// How many summaries are needed: estimated information against their number, with a verdict.
///
/// One objective is trained for each number of summaries and its information estimated on the same
/// held-out pairs. Enough is the smallest number within one standard error of the best one, the
/// usual rule for a curve that flattens (Breiman et al. 1984).
///
/// @param rows one a number of summaries, in increasing order
public record InformationBySize(List<Row> rows) {
  /// The information of one number of summaries.
  ///
  /// @param summaries their number
  /// @param nats estimated information
  /// @param standardError of the estimate
  public record Row(int summaries, double nats, double standardError) {}

  /// Copies the rows.
  ///
  /// @throws IllegalArgumentException when there is none
  public InformationBySize {
    rows = List.copyOf(rows);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("no number of summaries was tried");
    }
  }

  /// Trains and measures.
  ///
  /// @param objective the objective with a given number of summaries
  /// @param sizes numbers of summaries, increasing
  /// @param training pairs of every training, as [MutualInformation] takes them
  /// @param heldOut data sets that are trained on nowhere
  /// @param u their unconstrained parameters `(n, p)`
  /// @throws org.amortis.engine.Failure DATA when a training diverges
  /// @throws Cancellation.Cancelled once a stop was requested
  public static InformationBySize measure(
      IntFunction<? extends MutualInformation> objective,
      int[] sizes,
      Dataset training,
      Augmentation augmentation,
      TrainingOptions options,
      Observations heldOut,
      double[] u,
      Device device,
      Progress progress,
      Cancellation cancellation) {
    List<Row> rows = new ArrayList<>();
    for (int d : sizes) {
      MutualInformation o = objective.apply(d);
      Trained trained =
          new Trainer(device, progress, cancellation)
              .fit(d + " summaries", o, Simulations.fixed(training), null, augmentation, options);
      Information i = Information.heldOut(o, trained, heldOut, u, device);
      rows.add(new Row(d, i.nats(), i.standardError()));
    }
    return new InformationBySize(rows);
  }

  /// The row with the most information.
  public Row best() {
    Row best = rows.getFirst();
    for (Row r : rows) {
      best = r.nats > best.nats ? r : best;
    }
    return best;
  }

  /// The smallest number of summaries whose information lies within one standard error of the best.
  ///
  /// @throws IllegalStateException when that error is NaN, as it is for a single pair
  public int enough() {
    Row best = best();
    for (Row r : rows) {
      if (r.nats >= best.nats - best.standardError) {
        return r.summaries;
      }
    }
    throw new IllegalStateException("the best row is within its own standard error");
  }

  /// A table with a line a number of summaries and the verdict, for people.
  public String table() {
    StringBuilder s = new StringBuilder("summaries  information (nats)  standard error\n");
    for (Row r : rows) {
      s.append(
          String.format(
              Locale.ROOT, "%9d  %18.4f  %14.4f%n", r.summaries, r.nats, r.standardError));
    }
    Row last = rows.getLast();
    int enough = enough();
    s.append(enough).append(enough == 1 ? " summary is enough" : " summaries are enough");
    s.append(": the least number within one standard error of the best (")
        .append(best().summaries)
        .append(')');
    if (enough == last.summaries && rows.size() > 1) {
      s.append("; more than were tried might hold more");
    }
    return s.append(".\n").toString();
  }
}
