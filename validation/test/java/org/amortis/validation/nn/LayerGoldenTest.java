package org.amortis.validation.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.nn.Network;
import org.amortis.nn.layer.BatchNorm;
import org.amortis.nn.layer.Conv2d;
import org.amortis.nn.layer.ConvPool;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.LayerNorm;
import org.amortis.nn.layer.MaxPool;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Layers give PyTorch's results and gradients: the oracle and the cpu device in float64, the cpu
/// device in float32.
@Tag("op")
class LayerGoldenTest {
  /// @param roles golden role of each parameter and statistic
  record Case(
      String file, String name, Network network, boolean training, Map<String, String> roles) {
    @Override
    public String toString() {
      return file + " " + name;
    }
  }

  record Precision(String device, DType dtype, double tolerance) {}

  private static final List<Precision> PRECISIONS =
      List.of(
          new Precision("reference", DType.FLOAT64, 1e-12),
          new Precision("cpu", DType.FLOAT64, 1e-12),
          new Precision("cpu", DType.FLOAT32, 2e-5));

  private static final Map<String, String> NORM = Map.of("scale", "g", "shift", "b");
  private static final Map<String, String> BATCH =
      Map.of("scale", "g", "shift", "b", "mean", "mean0", "variance", "var0");

  static Stream<Case> cases() {
    Map<String, String> weights = Map.of("weight", "w", "bias", "b");
    Activation leaky = Activation.leakyRelu(0.01);
    return Stream.of(
        conv("conv3x3_same", 4, 3, 1, 1),
        conv("conv3x3_same_one_channel", 8, 3, 1, 1),
        conv("conv3x3_same_wide", 19, 3, 1, 1),
        conv("conv3x3_valid", 5, 3, 1, 0),
        conv("conv5x5_stride2_pad1", 4, 5, 2, 1),
        conv("conv5x5_stride2_pad1_channels", 4, 5, 2, 1),
        conv("conv1x1", 6, 1, 1, 0),
        new Case("conv", "block", new ConvPool(4), false, weights),
        new Case("conv", "block_one_channel", new ConvPool(16), false, weights),
        new Case("conv", "block_odd", new ConvPool(3), false, weights),
        new Case("conv", "block_odd", unfused(3), false, weights),
        new Case("pool", "pool", new MaxPool(2), false, Map.of()),
        new Case("pool", "pool_ties", new MaxPool(2), false, Map.of()),
        new Case("pool", "pool_flat", new MaxPool(2), false, Map.of()),
        new Case("pool", "pool_odd", new MaxPool(2), false, Map.of()),
        new Case("dense", "dense_leaky", new Dense(3, leaky), false, weights),
        new Case("dense", "dense_wide_leaky", new Dense(17, leaky), false, weights),
        new Case("norm", "layer_norm", new LayerNorm(), false, NORM),
        new Case("norm", "batch_norm_train", new BatchNorm(), true, BATCH),
        new Case("norm", "batch_norm_eval", new BatchNorm(), false, BATCH),
        new Case("norm", "batch_norm_images_train", new BatchNorm(), true, BATCH),
        new Case("norm", "batch_norm_images_eval", new BatchNorm(), false, BATCH));
  }

  private static Case conv(String name, int filters, int kernel, int stride, int pad) {
    Network layer = new Conv2d(filters, kernel, stride, pad, Activation.NONE);
    return new Case("conv", name, layer, false, Map.of("weight", "w", "bias", "zero"));
  }

  /// The fused block written as convolution, ReLU and pooling.
  private static Network unfused(int filters) {
    Network conv = Conv2d.same(filters, 3, Activation.RELU);
    return (scope, x) -> new MaxPool(2).apply(scope, conv.apply(scope, x));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithPyTorch(Case c) {
    for (Precision p : PRECISIONS) {
      try (Device device = p.device.equals("cpu") ? new CpuDevice(2) : new ReferenceDevice()) {
        check(c, p, device);
      }
    }
  }

  private static void check(Case c, Precision p, Device device) {
    Golden g = new Golden(c.file, c.name);
    Golden.Result r =
        g.run(
            device,
            p.dtype,
            c.training,
            List.of("x"),
            c.roles,
            (scope, in) -> {
              Var y = c.network.apply(scope, in.get("x"));
              Type type = new Type(y.type().dtype(), Shape.of(g.shape("dy")));
              Var dy = scope.trace().table(type, g.array("dy"));
              Map<String, Var> out = new LinkedHashMap<>();
              out.put("y", y);
              out.put("loss", y.mul(dy).sum());
              return out;
            });
    g.agrees(r.get("y"), "y", p.tolerance);
    g.agrees(r.get("d.x"), "dx", p.tolerance);
    c.roles.forEach((parameter, role) -> {
      if (g.has("d" + role)) {
        g.agrees(r.get("d." + parameter), "d" + role, p.tolerance);
      }
    });
    if (c.training) {
      g.agrees(r.get("mean"), "mean", p.tolerance);
      g.agrees(r.get("variance"), "var", p.tolerance);
    }
  }
}
