package org.amortis.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.math.Spline;
import org.amortis.engine.op.Activation;
import org.amortis.engine.op.Conv2d;
import org.amortis.engine.op.ConvPool;
import org.amortis.engine.op.Dense;
import org.amortis.engine.op.Diagonal;
import org.amortis.engine.op.GaussianLogDensity;
import org.amortis.engine.op.GramStructure;
import org.amortis.engine.op.MaxPool;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.RationalQuadratic;
import org.amortis.engine.op.Solve;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Ops and their gradients against PyTorch, SciPy and nflows.
@Tag("op")
class OpGoldenTest {

  @ParameterizedTest
  @CsvSource({
    "conv3x3_same, 1, 1",
    "conv3x3_same_one_channel, 1, 1",
    "conv3x3_same_wide, 1, 1",
    "conv3x3_valid, 1, 0",
    "conv5x5_stride2_pad1, 2, 1",
    "conv5x5_stride2_pad1_channels, 2, 1",
    "conv1x1, 1, 0",
  })
  void convolution(String name, int stride, int pad) {
    new GoldenCase("conv", name)
        .meets(
            List.of("x", "w"),
            in -> {
              Var x = in.get("x");
              return Map.of("y", x.trace().one(new Conv2d(stride, pad), x, in.get("w")));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"block", "block_one_channel"})
  void convolutionBiasReluAndPoolAsOne(String name) {
    new GoldenCase("conv", name)
        .meets(
            List.of("x", "w", "b"),
            in -> {
              Var x = in.get("x");
              List<Var> operands = List.of(x, in.get("w"), in.get("b"));
              return Map.of("y", x.trace().apply(new ConvPool(), operands).getFirst());
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"block", "block_one_channel", "block_odd"})
  void convolutionBiasReluAndPoolOneByOne(String name) {
    new GoldenCase("conv", name)
        .meets(
            List.of("x", "w", "b"),
            in -> {
              Var x = in.get("x");
              Var y = x.trace().one(new Conv2d(1, 1), x, in.get("w")).add(in.get("b")).relu();
              return Map.of("y", x.trace().apply(new MaxPool(2), List.of(y)).getFirst());
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"pool", "pool_ties", "pool_flat", "pool_odd"})
  void pooling(String name) {
    new GoldenCase("pool", name)
        .within(0, 1e-7)
        .meets(
            List.of("x"),
            in ->
                Map.of(
                    "y",
                    in.get("x").trace().apply(new MaxPool(2), List.of(in.get("x"))).getFirst()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dense_leaky", "dense_wide_leaky", "dense_one_leaky"})
  void denseLayer(String name) {
    new GoldenCase("dense", name)
        .meets(
            List.of("x", "w", "b"),
            in -> {
              Dense op = new Dense(Activation.leakyRelu(0.01));
              Var x = in.get("x");
              return Map.of("y", x.trace().one(op, x, in.get("w"), in.get("b")));
            });
  }

  @Test
  void batchedProductsAndRows() {
    new GoldenCase("dense", "matmul_batched")
        .meets(
            List.of("a", "b"),
            in -> {
              Trace t = in.get("a").trace();
              return Map.of("y", t.matmul(in.get("a"), in.get("b"), false, false));
            });
    new GoldenCase("dense", "gather_rows")
        .meets(List.of("x", "index"), in -> Map.of("y", in.get("x").gather(in.get("index"))));
  }

  @Test
  void elementsOfRows() {
    GoldenCase c = new GoldenCase("dense", "gather_columns");
    Trace t = new Trace("take");
    Var x = t.data("x", Type.f64(5, 3));
    Var index = t.data("index", Type.i32(5)).reshape(5, 1);
    t.output("y", t.one(new Move.Take(), x, index));
    try (var device = new org.amortis.engine.device.cpu.CpuDevice(1);
        var e = device.bind(t.program())) {
      e.input("x").write(c.values("x"), 0);
      e.input("index").write(c.values("index"), 0);
      e.run();
      assertThat(e.output("y").doubles()).isEqualTo(c.values("y"));
    }
  }

  @Test
  void softmaxFamily() {
    new GoldenCase("norm", "softmax").meets(List.of("x"), in -> Map.of("y", in.get("x").softmax()));
    new GoldenCase("norm", "logsumexp")
        .meets(List.of("x"), in -> Map.of("y", in.get("x").logSumExp(1)));
    new GoldenCase("norm", "log_softmax")
        .within(1e-12, 1e-4)
        .meets(
            List.of("x"),
            in -> {
              Var x = in.get("x");
              return Map.of("y", x.sub(x.logSumExp(1).reshape(x.dim(0), 1)));
            });
    new GoldenCase("norm", "logsumexp_infinite")
        .meets(List.of("x"), in -> Map.of("y", in.get("x").logSumExp(1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "_17", "_1", "_33"})
  void choleskyAndLogDeterminant(String size) {
    new GoldenCase("linalg", "cholesky" + size)
        .within(1e-11, 1e-4)
        .meets(
            List.of("a"),
            in -> Map.of("y", in.get("a").trace().one(new Solve.Cholesky(), in.get("a"))));
    new GoldenCase("linalg", "logdet" + size)
        .within(1e-11, 1e-4)
        .meets(
            List.of("a"),
            in -> {
              Trace t = in.get("a").trace();
              Var l = t.one(new Solve.Cholesky(), in.get("a"));
              return Map.of("y", t.one(new Diagonal(), l).log().sum(1).mul(2));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"solve_6", "solve_17", "solve_transposed_6", "solve_transposed_17"})
  void triangularSolve(String name) {
    Solve.TriangularSolve op = new Solve.TriangularSolve(name.contains("transposed"));
    new GoldenCase("linalg", name)
        .within(1e-11, 1e-4)
        .meets(
            List.of("l", "b"),
            in -> Map.of("y", in.get("l").trace().one(op, in.get("l"), in.get("b"))));
  }

  @ParameterizedTest
  @CsvSource({
    "tails, 10, 3, false",
    "tails_inverse, 10, 3, true",
    "tails_5, 5, 1, false",
    "tails_5_inverse, 5, 1, true",
    "extreme, 10, 3, false"
  })
  void spline(String name, int bins, double bound, boolean inverse) {
    new GoldenCase("spline", name)
        .within(1e-11, 1e-3)
        .meets(
            List.of("x", "w", "h", "d"),
            in -> {
              Trace t = in.get("x").trace();
              Var raw = t.concat(List.of(in.get("w"), in.get("h"), in.get("d")), 1);
              var op = new RationalQuadratic(Spline.of(bins, bound), inverse);
              List<Var> out = t.apply(op, List.of(in.get("x"), raw));
              Map<String, Var> named = new LinkedHashMap<>();
              named.put("y", out.get(0));
              named.put("ladj", out.get(1));
              return named;
            });
  }

  @Test
  void gaussianProcessLogLikelihood() {
    double[] distance = GramStructure.latticeDistances(4);
    GramStructure lattice = GramStructure.squareLattice(4);
    new GoldenCase("linalg", "gp_log_likelihood")
        .within(1e-11, 1e-4)
        .meets(
            List.of("theta", "z"),
            in -> {
              Var theta = in.get("theta");
              Trace t = theta.trace();
              Var lag = t.table(theta.type().with(Shape.of(1, distance.length)), distance);
              Var c = lag.neg().mul(theta.reciprocal().reshape(theta.dim(0), 1)).exp();
              Var projected = t.matmul(in.get("z"), projection(t, lattice, theta), false, true);
              return Map.of("y", t.one(new GaussianLogDensity(lattice, false), c, projected));
            });
  }

  private static Var projection(Trace t, GramStructure s, Var like) {
    int n = s.order();
    double[] q = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int k = s.projection().rowStart()[i]; k < s.projection().rowStart()[i + 1]; k++) {
        q[i * n + s.projection().index()[k]] += s.projection().weight()[k];
      }
    }
    return t.table(like.type().with(Shape.of(n, n)), q);
  }
}
