package org.amortis.studies.gp;

import java.util.List;
import org.amortis.engine.device.Device;
import org.amortis.engine.shape.Shape;
import org.amortis.inference.Observations;
import org.amortis.inference.summary.AmortizedSummary;
import org.amortis.nn.train.Trained;

/// One number that stands for a field.
sealed interface FieldSummary {
  /// Shape of a summary.
  Shape SHAPE = Shape.of(1);

  /// The networks it needs.
  List<NetworkPart> parts();

  /// The summaries of fields.
  ///
  /// @param networks in the order of [#parts]
  /// @return float32 `(n, 1)`
  Observations of(Observations fields, List<Trained> networks, Device device);

  /// Trained by mutual information on the run's pairs, once for all methods that use it.
  record Learned() implements FieldSummary {
    @Override
    public List<NetworkPart> parts() {
      return List.of(new UsualPart("summary", Models.summary(), Seeds.SUMMARY));
    }

    @Override
    public Observations of(Observations fields, List<Trained> networks, Device device) {
      try (AmortizedSummary s =
          new AmortizedSummary(Models.summary(), networks.getFirst(), device)) {
        return observations(s.apply(fields));
      }
    }
  }

  /// The review's hand-crafted one, see [NeighbourSummary].
  record Neighbours() implements FieldSummary {
    @Override
    public List<NetworkPart> parts() {
      return List.of();
    }

    @Override
    public Observations of(Observations fields, List<Trained> networks, Device device) {
      return observations(NeighbourSummary.of(fields));
    }
  }

  private static Observations observations(double[] s) {
    float[] values = new float[s.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) s[i];
    }
    return new Observations(SHAPE, values);
  }
}
