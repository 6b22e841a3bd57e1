package org.amortis.nn;

import static org.assertj.core.api.Assertions.assertThat;

import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.engine.device.Executable;
import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;
import org.amortis.nn.layer.BatchNorm;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Sequential;
import org.junit.jupiter.api.Test;

/// Trained networks inside another program.
class FrozenNetworkTest {
  private static final Network NETWORK =
      Sequential.of(new Dense(5, Activation.leakyRelu(0.1)), new BatchNorm(), new Dense(2));

  private static ParameterLayout layout() {
    return ParameterLayout.of(s -> NETWORK.apply(s, s.trace().data("x", Type.f32(3, 4))));
  }

  @Test
  void twoFrozenNetworksInOneProgramGiveWhatEachGivesAlone() {
    ParameterLayout layout = layout();
    double[][] parameters = {layout.initial(1), layout.initial(2)};
    double[] statistics = layout.initialStatistics(1);
    double[] x = new double[12];
    for (int i = 0; i < x.length; i++) {
      x[i] = StrictMath.sin(1 + i);
    }
    try (Device device = Devices.open("cpu", 2)) {
      Trace t = new Trace("two");
      Var in = t.data("x", Type.f32(3, 4));
      for (int k = 0; k < 2; k++) {
        Scope scope = Scope.frozen(t, DType.FLOAT32, layout, parameters[k], statistics);
        t.output("y" + k, NETWORK.apply(scope, in));
      }
      try (Executable two = device.bind(t.program())) {
        two.input("x").write(x, 0);
        two.run();
        for (int k = 0; k < 2; k++) {
          assertThat(two.output("y" + k).doubles())
              .isEqualTo(alone(device, layout, parameters[k], statistics, x));
        }
      }
    }
  }

  private static double[] alone(
      Device device, ParameterLayout layout, double[] parameters, double[] statistics, double[] x) {
    Trace t = new Trace("one");
    Scope scope = Scope.evaluating(t, DType.FLOAT32, layout);
    t.output("y", NETWORK.apply(scope, t.data("x", Type.f32(3, 4))));
    try (Executable e = device.bind(t.program())) {
      e.input("parameters").write(parameters, 0);
      e.input("statistics").write(statistics, 0);
      e.input("x").write(x, 0);
      e.run();
      return e.output("y").doubles();
    }
  }
}
