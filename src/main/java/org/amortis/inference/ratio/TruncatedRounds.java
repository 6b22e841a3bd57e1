package org.amortis.inference.ratio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Failure;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.math.Special;
import org.amortis.engine.shape.Shape;
import org.amortis.inference.Marginal;
import org.amortis.inference.Observations;
import org.amortis.inference.Prior;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.Simulations;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;

/// Truncated marginal rounds, TMNRE: the prior's box shrinks around what one observation leaves
/// plausible, and all simulations go there (Miller, Cole, Forre, Louppe and Weniger 2021).
///
/// Each round trains the marginal ratio of every parameter under the present box, keeps along each
/// axis the values with `r(theta_j, Z) > epsilon max r`, and takes the smallest box around them.
/// Simulations of earlier rounds that lie in the new box are used again: there they follow the
/// truncated prior. The rounds end when the box keeps more than a share `enough` of its volume, or
/// after `most`. The result is amortized inside the last box only.
///
/// @param epsilon threshold below which a value is cut, 1e-6 as published
/// @param enough share of the volume above which the box has settled, for instance 0.8
/// @param most rounds at most
/// @param pairs training pairs of each round
/// @param cells grid cells along an axis
public record TruncatedRounds(double epsilon, double enough, int most, int pairs, int cells) {

  /// Makes data from parameters.
  @FunctionalInterface
  public interface Simulator {
    /// Data sets of the given parameters; another seed gives independent ones.
    ///
    /// @param theta `(n, p)`
    /// @return n data sets
    Observations simulate(double[] theta, long seed);
  }

  /// What the rounds did.
  ///
  /// @param boxes the prior of each round, the last one that of the ratio
  /// @param volumes volume of each round's box as a share of the first
  /// @param simulated simulations made in each round; the others were kept
  /// @param settled whether the box stopped shrinking, rather than the rounds running out
  /// @param ratio marginal ratios of every parameter under the last box; to be closed
  public record Result(
      List<Prior> boxes,
      List<Double> volumes,
      List<Integer> simulated,
      boolean settled,
      AmortizedRatio ratio) {}

  /// Checks the settings.
  ///
  /// @throws IllegalArgumentException when one is out of range
  public TruncatedRounds {
    if (!(epsilon > 0 && epsilon < 1)
        || !(enough > 0 && enough < 1)
        || most < 1
        || pairs < 2
        || cells < 2) {
      throw new IllegalArgumentException("settings out of range: " + epsilon + ", " + enough);
    }
  }

  /// Runs the rounds for one observation.
  ///
  /// @param prior uniform on a box
  /// @param model the objective under a box: marginal ratios of every parameter, as
  ///   [NeuralRatio#ofEach] makes them
  /// @param simulator of the model
  /// @param observation one data set
  /// @param options of the training of each round
  /// @throws Failure DATA for more than one data set, a prior that is not uniform, or training that
  ///   diverges
  /// @throws Cancellation.Cancelled once a stop was requested
  public Result run(
      Prior prior,
      Function<Prior, NeuralRatio> model,
      Simulator simulator,
      Observations observation,
      TrainingOptions options,
      Device device,
      Progress progress,
      Cancellation cancellation) {
    if (observation.count() != 1) {
      throw Failure.data("truncation takes one observation, found " + observation.count());
    }
    List<Prior> boxes = new ArrayList<>();
    List<Double> volumes = new ArrayList<>();
    List<Integer> simulated = new ArrayList<>();
    Prior box = prior;
    double[] theta = new double[0];
    float[] data = new float[0];
    int size = observation.sample().size();
    for (int round = 0; ; round++) {
      cancellation.check();
      long seed = options.seed() + round;
      int kept = theta.length / prior.size();
      double[] fresh = box.sample(seed, 0, pairs - kept);
      Observations made = simulator.simulate(fresh, seed);
      theta = join(theta, fresh);
      data = Arrays.copyOf(data, pairs * size);
      System.arraycopy(made.values(), 0, data, kept * size, made.values().length);
      boxes.add(box);
      volumes.add(volume(box) / volume(prior));
      simulated.add(pairs - kept);
      NeuralRatio ratio = model.apply(box);
      Trained trained =
          new Trainer(device, progress, cancellation)
              .fit(
                  "round " + (round + 1),
                  ratio,
                  Simulations.fixed(dataset(box, theta, new Observations(made.sample(), data))),
                  null,
                  Augmentation.NONE,
                  options);
      AmortizedRatio fitted = new AmortizedRatio(ratio, trained, device);
      Prior next = truncated(fitted, box, observation);
      boolean settled = volume(next) > enough * volume(box);
      if (settled || round + 1 == most) {
        return new Result(boxes, volumes, simulated, settled, fitted);
      }
      fitted.close();
      box = next;
      List<Integer> inside = inside(box, theta);
      theta = rows(theta, prior.size(), inside);
      data = rows(data, size, inside);
    }
  }

  /// The smallest box around the values whose marginal ratio passes the threshold; grid cells count
  /// as a whole, and one further cell on each side.
  Prior truncated(AmortizedRatio ratio, Prior box, Observations observation) {
    List<Marginal> next = new ArrayList<>();
    for (int j = 0; j < box.size(); j++) {
      Marginal.Uniform m = uniform(box, j);
      double width = (m.high() - m.low()) / cells;
      double[] points = new double[cells];
      for (int k = 0; k < cells; k++) {
        points[k] = m.low() + (k + 0.5) * width;
      }
      double[] log;
      try (AmortizedRatio one = ratio.marginal(j)) {
        log = one.logRatios(points, observation);
      }
      double least = Arrays.stream(log).max().orElseThrow() + Special.log(epsilon);
      int first = 0;
      int last = cells - 1;
      while (log[first] <= least) {
        first++;
      }
      while (log[last] <= least) {
        last--;
      }
      double low = first < 2 ? m.low() : points[first] - 1.5 * width;
      double high = last > cells - 3 ? m.high() : points[last] + 1.5 * width;
      next.add(new Marginal.Uniform(m.parameter(), low, high));
    }
    return new Prior(next);
  }

  private static Marginal.Uniform uniform(Prior box, int j) {
    if (box.marginals().get(j) instanceof Marginal.Uniform u) {
      return u;
    }
    throw Failure.data("truncation needs a uniform prior, found " + box.marginals().get(j));
  }

  private static double volume(Prior box) {
    double v = 1;
    for (int j = 0; j < box.size(); j++) {
      v *= uniform(box, j).high() - uniform(box, j).low();
    }
    return v;
  }

  private static Dataset dataset(Prior box, double[] theta, Observations data) {
    double[] u = box.toUnconstrained(theta);
    float[] column = new float[u.length];
    for (int i = 0; i < u.length; i++) {
      column[i] = (float) u[i];
    }
    return Dataset.of(
        new Column("u", Shape.of(box.size()), column),
        new Column("data", data.sample(), data.values()));
  }

  private static List<Integer> inside(Prior box, double[] theta) {
    int p = box.size();
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < theta.length / p; i++) {
      if (box.firstOutside(Arrays.copyOfRange(theta, i * p, (i + 1) * p)) < 0) {
        rows.add(i);
      }
    }
    return rows;
  }

  private static double[] rows(double[] x, int size, List<Integer> some) {
    double[] y = new double[some.size() * size];
    for (int i = 0; i < some.size(); i++) {
      System.arraycopy(x, some.get(i) * size, y, i * size, size);
    }
    return y;
  }

  private static float[] rows(float[] x, int size, List<Integer> some) {
    float[] y = new float[some.size() * size];
    for (int i = 0; i < some.size(); i++) {
      System.arraycopy(x, some.get(i) * size, y, i * size, size);
    }
    return y;
  }

  private static double[] join(double[] a, double[] b) {
    double[] c = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, c, a.length, b.length);
    return c;
  }
}
