package org.amortis.bench.lab;

import java.util.List;
import org.amortis.bench.lab.Task.Operand;
import org.amortis.engine.op.Activation;
import org.amortis.engine.op.Conv2d;
import org.amortis.engine.op.ConvPool;
import org.amortis.engine.op.Dense;
import org.amortis.engine.op.MatMul;
import org.amortis.engine.op.MaxPool;
import org.amortis.engine.op.Solve;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Experiments with products and factorizations: matmul, conv2d, pool, cholesky. Convolutions are
/// the two layers of the paper's network, at batches of 32 and 512.
final class ProductExperiments {
  private ProductExperiments() {}

  static void addTo(List<Experiment> to) {
    matmul(to);
    for (int batch : new int[] {32, 512}) {
      convolutions(to, batch, 16, 1, 64);
      convolutions(to, batch, 8, 64, 128);
      String extent = ", %d x 16 x 16 x 64".formatted(batch);
      to.add(
          Experiment.of(
              "pool", "max-pooling" + extent, 0, () -> pool(3, 7, 5), () -> pool(batch, 16, 64)));
      to.add(
          Experiment.of(
              "pool",
              "its adjoint" + extent,
              0,
              () -> poolGradient(3, 7, 5),
              () -> poolGradient(batch, 16, 64)));
    }
    to.add(
        Experiment.of(
            "cholesky", "64 factors of 256", 128, () -> cholesky(3, 37), () -> cholesky(64, 256)));
    for (boolean transposed : new boolean[] {false, true}) {
      to.add(
          Experiment.of(
              "cholesky",
              "64 solves of 256 x 256" + (transposed ? ", transposed" : ""),
              128,
              () -> solve(transposed, 3, 37, 5),
              () -> solve(transposed, 64, 256, 256)));
    }
  }

  private static void matmul(List<Experiment> to) {
    for (int form = 0; form < 4; form++) {
      boolean ta = form % 2 == 1;
      boolean tb = form / 2 == 1;
      String name =
          "1152 x 1024 x 1152" + (ta ? ", left transposed" : "") + (tb ? ", right transposed" : "");
      to.add(
          Experiment.of(
              "matmul",
              name,
              64,
              () -> matmul(ta, tb, 37, 70, 29),
              () -> matmul(ta, tb, 1152, 1024, 1152)));
    }
    to.add(
        Experiment.of(
                "matmul",
                "4096 x 4096 x 4096",
                128,
                () -> matmul(false, false, 5, 3, 7),
                () -> matmul(false, false, 4096, 4096, 4096))
            .forGpus());
    to.add(
        Experiment.of(
            "matmul",
            "long sum, 64 x 100,000 x 64",
            256,
            () -> matmul(true, false, 13, 5003, 7),
            () -> matmul(true, false, 64, 100_000, 64)));
    to.add(
        Experiment.of(
            "matmul",
            "dense layer with ReLU, 512 x 2048 x 64",
            64,
            () -> dense(13, 207, 17),
            () -> dense(512, 2048, 64)));
    to.add(
        Experiment.of(
            "matmul",
            "dense layer with ReLU, 200 x 50 x 50",
            64,
            () -> dense(5, 7, 3),
            () -> dense(200, 50, 50)));
  }

  private static Task matmul(boolean ta, boolean tb, int m, int k, int n) {
    Numbers v = new Numbers();
    return Task.of(
        new MatMul(ta, tb),
        v.normal(ta ? Type.f32(k, m) : Type.f32(m, k)),
        v.normal(tb ? Type.f32(n, k) : Type.f32(k, n)));
  }

  private static Task dense(int rows, int k, int n) {
    Numbers v = new Numbers();
    return Task.of(
        new Dense(Activation.RELU),
        v.normal(Type.f32(rows, k)),
        v.normal(Type.f32(k, n)),
        v.normal(Type.f32(n)));
  }

  /// An operand of a convolution with extents `(n, h, w, c) * (3, 3, c, o)`.
  private record Layer(int n, int h, int w, int c, int o) {
    static final Conv2d CONV = new Conv2d(1, 1);

    Type x() {
      return Type.f32(n, h, w, c);
    }

    Type weights() {
      return Type.f32(3, 3, c, o);
    }

    Type y() {
      return Type.f32(n, h, w, o);
    }

    Type pooled() {
      return Type.f32(n, h / 2, w / 2, o);
    }

    Task forward() {
      Numbers v = new Numbers();
      return Task.of(CONV, v.normal(x()), v.normal(weights()));
    }

    Task inputGradient() {
      Numbers v = new Numbers();
      return Task.of(new Conv2d.InputGradient(CONV, h, w), v.normal(y()), v.normal(weights()));
    }

    Task weightGradient() {
      Numbers v = new Numbers();
      return Task.of(new Conv2d.WeightGradient(CONV, 3, 3), v.normal(x()), v.normal(y()));
    }

    Task pooledForward() {
      Numbers v = new Numbers();
      Operand b = v.normal(Type.f32(o));
      // The second result names the place of a maximum, which rounding can move.
      return Task.of(new ConvPool(), v.normal(x()), v.normal(weights()), b).comparing(1);
    }

    Task pooledInputGradient() {
      Numbers v = new Numbers();
      Operand codes = v.whole(pooled(), 0, 5);
      return Task.of(
          new ConvPool.InputGradient(h, w), v.normal(pooled()), codes, v.normal(weights()));
    }

    Task pooledWeightGradient() {
      Numbers v = new Numbers();
      Operand codes = v.whole(pooled(), 0, 5);
      return Task.of(new ConvPool.WeightGradient(3), v.normal(x()), v.normal(pooled()), codes);
    }
  }

  private static void convolutions(List<Experiment> to, int batch, int side, int c, int o) {
    Layer full = new Layer(batch, side, side, c, o);
    Layer small = new Layer(3, 6, 10, c == 1 ? 1 : 5, 13);
    String extent = ", %d x %d x %d x %d to %d".formatted(batch, side, side, c, o);
    String conv = "conv2d";
    to.add(Experiment.of(conv, "convolution" + extent, 64, small::forward, full::forward));
    to.add(
        Experiment.of(
            conv, "adjoint of images" + extent, 64, small::inputGradient, full::inputGradient));
    to.add(
        Experiment.of(
            conv, "adjoint of weights" + extent, 256, small::weightGradient, full::weightGradient));
    to.add(
        Experiment.of(
            conv,
            "convolution, ReLU, pooling" + extent,
            64,
            small::pooledForward,
            full::pooledForward));
    to.add(
        Experiment.of(
            "convpool",
            "adjoint of images, pooled" + extent,
            64,
            small::pooledInputGradient,
            full::pooledInputGradient));
    to.add(
        Experiment.of(
            "convpool",
            "adjoint of weights, pooled" + extent,
            256,
            small::pooledWeightGradient,
            full::pooledWeightGradient));
  }

  private static Task pool(int n, int side, int c) {
    return Task.of(new MaxPool(2), new Numbers().normal(Type.f32(n, side, side, c)));
  }

  private static Task poolGradient(int n, int side, int c) {
    int half = side / 2;
    Shape s = Shape.of(n, half, half, c);
    double[] place = new double[s.size()];
    for (int i = 0; i < place.length; i++) {
      int row = 2 * (i / c / half % half) + i % 2;
      place[i] = row * side + 2 * (i / c % half) + i / 2 % 2;
    }
    return Task.of(
        new MaxPool.InputGradient(2, side, side),
        new Numbers().normal(new Type(DType.FLOAT32, s)),
        new Operand(new Type(DType.INT32, s), place));
  }

  private static Task cholesky(int batch, int n) {
    return Task.of(new Solve.Cholesky(), new Numbers().definite(Type.f64(batch, n, n)));
  }

  private static Task solve(boolean transposed, int batch, int n, int r) {
    Numbers v = new Numbers();
    return Task.of(
        new Solve.TriangularSolve(transposed),
        v.lower(Type.f64(batch, n, n)),
        v.normal(Type.f64(batch, n, r)));
  }
}
