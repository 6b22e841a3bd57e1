package org.amortis.inference.compare;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.shape.Shape;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;

/// Models to compare: each with its prior probability and a simulator of its data.
///
/// @param sample shape of one data set, the same for all models
/// @param models in the order of their indices
public record SimulatedModels(Shape sample, List<Model> models) {
  /// Stream number of the choice of models.
  public static final int STREAM = 40;

  /// Makes data sets of one model, each with parameters drawn from the model's own prior.
  @FunctionalInterface
  public interface Simulator {
    /// The first `count` data sets of a seed, one after the other.
    ///
    /// @return `(count, ...)`, row-major
    float[] simulate(int count, long seed);
  }

  /// One model.
  ///
  /// @param name of the model
  /// @param probability prior probability; those of all models sum to 1
  /// @param simulator of its data
  public record Model(String name, double probability, Simulator simulator) {}

  /// Copies the models.
  public SimulatedModels {
    models = List.copyOf(models);
  }

  /// Names in order.
  public List<String> names() {
    return models.stream().map(Model::name).toList();
  }

  /// Prior probabilities in order.
  public List<Double> prior() {
    return models.stream().map(Model::probability).toList();
  }

  /// Pairs of a model, drawn by prior probability, and a data set of it: columns `model` (1,) and
  /// `data`.
  ///
  /// @throws IllegalArgumentException when a simulator returns another number of values
  public Dataset simulate(int n, long seed) {
    double[] u = new double[n];
    Streams.uniformInto(new RandomKey(seed, STREAM), 0, 0, n, u, 0);
    float[] chosen = new float[n];
    int[] counts = new int[models.size()];
    for (int i = 0; i < n; i++) {
      int k = 0;
      double cumulative = models.getFirst().probability();
      while (k < models.size() - 1 && u[i] >= cumulative) {
        cumulative += models.get(++k).probability();
      }
      chosen[i] = k;
      counts[k]++;
    }
    List<float[]> parts = new ArrayList<>();
    int size = sample.size();
    for (int k = 0; k < counts.length; k++) {
      Model m = models.get(k);
      // Simulators of one kind must not share their draws.
      float[] part = m.simulator().simulate(counts[k], seed + (k + 1) * 0x9E3779B97F4A7C15L);
      if (part.length != counts[k] * size) {
        throw new IllegalArgumentException(
            m.name()
                + " made "
                + part.length
                + " values, "
                + counts[k]
                + " data sets of "
                + sample
                + " hold "
                + counts[k] * size);
      }
      parts.add(part);
    }
    float[] data = new float[n * size];
    int[] at = new int[counts.length];
    for (int i = 0; i < n; i++) {
      int k = (int) chosen[i];
      System.arraycopy(parts.get(k), at[k]++ * size, data, i * size, size);
    }
    return Dataset.of(new Column("model", Shape.of(1), chosen), new Column("data", sample, data));
  }
}
