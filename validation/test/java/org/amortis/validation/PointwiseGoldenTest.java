package org.amortis.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.op.Unary;
import org.amortis.engine.program.Gradient;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Functions and derivatives against 40-digit values.
@Tag("op")
class PointwiseGoldenTest {
  static Stream<Arguments> functions() {
    return Stream.of(
        function("exp", Var::exp),
        function("exp_wide", Var::exp),
        function("expm1", x -> x.trace().one(Unary.EXPM1, x)),
        function("log", Var::log),
        function("log1p", Var::log1p),
        function("sqrt", Var::sqrt),
        function("tanh", Var::tanh),
        function("sigmoid", Var::sigmoid),
        function("softplus", Var::softplus),
        function("log_sigmoid", x -> x.neg().softplus().neg()),
        function("erf", Var::erf),
        function("silu", x -> x.mul(x.sigmoid())),
        function("gelu", x -> x.mul(x.normalCdf())),
        function("normal_cdf", Var::normalCdf),
        function("normal_inverse_cdf", Var::normalQuantile));
  }

  private static Arguments function(String name, UnaryOperator<Var> f) {
    return Arguments.of(name, f);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void valueAndDerivative(String name, UnaryOperator<Var> f) {
    GoldenCase golden = new GoldenCase("pointwise", name);
    double[] x = golden.values("x");
    for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32)) {
      Trace t = new Trace(name);
      Var in = t.data("x", new Type(dtype, Shape.of(x.length)));
      Var y = f.apply(in);
      t.output("y", y);
      t.output("dydx", Gradient.of(y.sum(), List.of(in)).getFirst());
      try (Device cpu = new CpuDevice(1);
          Device reference = new ReferenceDevice()) {
        for (Device device : List.of(cpu, reference)) {
          try (Executable e = device.bind(t.program())) {
            e.input("x").write(x, 0);
            e.run();
            check(name + " on " + device.name(), e.output("y"), golden.values("y"), 8);
            // 1 - tanh^2 and the like cancel: errors count relative to 1 at least; exp(y^2 / 2)
            // multiplies those of y = -11 by a hundred.
            check("d " + name, e.output("dydx"), golden.values("dydx"), 256);
          }
        }
      }
    }
  }

  private static void check(
      String what, org.amortis.engine.device.Buffer found, double[] expected, double ulps) {
    boolean single = found.type().dtype() == DType.FLOAT32;
    double[] v = found.doubles();
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < v.length; i++) {
      double size = Math.abs(expected[i]);
      if (single && (size > 0x1p127 || size < 0x1p-100) || size > 1e300) {
        continue;
      }
      double floor = what.startsWith("d ") ? 1 : single ? 0x1p-126 : 0x1p-1022;
      double unit = (single ? 0x1p-23 : 0x1p-52) * Math.max(size, floor);
      if (!(Math.abs(v[i] - expected[i]) <= ulps * unit)) {
        double off = Math.abs(v[i] - expected[i]) / unit;
        wrong.add(i + ": " + v[i] + " for " + expected[i] + ", " + off + " units");
      }
    }
    assertThat(wrong).as("%s in %s", what, found.type()).isEmpty();
  }
}
