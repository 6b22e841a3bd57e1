package org.amortis.validation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.cpu.CpuDevice;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.op.Activation;
import org.amortis.engine.op.ConvPool;
import org.amortis.engine.op.Dense;
import org.amortis.engine.op.Update;
import org.amortis.engine.program.Gradient;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Adam, clipping, losses and a small network trained for ten steps, against PyTorch.
@Tag("op")
class TrainingGoldenTest {
  private static final DType F = DType.FLOAT64;
  private static final double[] FIRST = {1e-3, 0.9, 0.999};

  /// Adds one Adam step of `p`; data `control` (4) as the op takes it.
  private static void adam(
      Trace t, Var p, Var gradient, Var scale, double beta1, double beta2, double decay) {
    Var m = t.state("m", p.type());
    Var v = t.state("v", p.type());
    Var control = t.data("control", p.type().with(Shape.of(3)));
    List<Var> next =
        t.apply(
            new Update.Adam(beta1, beta2, 1e-8, decay),
            List.of(p, gradient, m, v, t.concat(List.of(control, scale.reshape(1)), 0)));
    t.update(p, next.get(0));
    t.update(m, next.get(1));
    t.update(v, next.get(2));
  }

  private static double[] control(double[] settings, int step) {
    return new double[] {
      settings[0],
      1 - StrictMath.pow(settings[1], step + 1),
      1 - StrictMath.pow(settings[2], step + 1)
    };
  }

  @ParameterizedTest
  @CsvSource({
    "adam, 1e-3, 0.9, 0.999, 0, 0",
    "adam_fast, 0.5, 0.8, 0.95, 0, 0",
    "adam_clip, 1e-3, 0.9, 0.999, 1, 0",
    "adam_clip_loose, 1e-3, 0.9, 0.999, 10000, 0",
    "adamw, 1e-2, 0.9, 0.999, 0, 0.1"
  })
  void tenStepsOfAdam(String name, double rate, double b1, double b2, double clip, double decay) {
    GoldenCase golden = new GoldenCase("adam", name);
    Trace t = new Trace(name);
    Var p = t.state("p", Type.f64(6));
    Var error = p.sub(t.table(p.type(), golden.values("c")));
    Var loss = t.table(p.type(), golden.values("a")).mul(error.square()).sum().mul(0.5);
    Var gradient = Gradient.of(loss, List.of(p)).getFirst();
    Var norm = gradient.square().sum().sqrt();
    Var scale = t.scalar(1, F);
    if (clip > 0) {
      scale = t.div(t.scalar(clip, F), norm.add(1e-6)).min(1);
    }
    t.output("loss", loss);
    t.output("norm", norm);
    adam(t, p, gradient, scale, b1, b2, decay);
    double[] expected = golden.values("p");
    for (Device device : devices()) {
      try (device;
          Executable e = device.bind(t.program())) {
        e.input("p").write(expected, 0);
        for (int s = 0; s < 10; s++) {
          e.input("control").write(control(new double[] {rate, b1, b2}, s), 0);
          e.run();
          String what = name + " step " + s + " on " + device.name();
          row(what + " p", e.input("p").doubles(), expected, s + 1);
          row(what + " m", e.input("m").doubles(), golden.values("m"), s);
          row(what + " v", e.input("v").doubles(), golden.values("v"), s);
          row(what + " loss", e.output("loss").doubles(), golden.values("loss"), s);
          row(what + " norm", e.output("norm").doubles(), golden.values("norm"), s);
        }
      }
    }
  }

  private static List<Device> devices() {
    return List.of(new CpuDevice(2), new ReferenceDevice());
  }

  private static void row(String what, double[] found, double[] all, int row) {
    double[] expected = new double[found.length];
    System.arraycopy(all, row * found.length, expected, 0, found.length);
    GoldenCase.close(what, found, expected, 1e-12);
  }

  @Test
  void losses() {
    new GoldenCase("loss", "mse")
        .meets(
            List.of("p", "target"),
            in -> Map.of("loss", in.get("p").sub(in.get("target")).square().mean().reshape(1)));
    new GoldenCase("loss", "mae")
        .meets(
            List.of("p", "target"),
            in -> Map.of("loss", in.get("p").sub(in.get("target")).abs().mean().reshape(1)));
    new GoldenCase("loss", "bce_logits")
        .meets(
            List.of("logit"),
            in -> {
              Var x = in.get("logit");
              double[] label = new GoldenCase("loss", "bce_logits").values("label");
              Var each = x.softplus().sub(x.mul(x.trace().table(x.type(), label)));
              return Map.of("loss", each.sum().reshape(1));
            });
    new GoldenCase("loss", "pinball")
        .meets(
            List.of("target", "q", "levels"),
            in -> {
              Var u = in.get("target").reshape(7, 2, 1).sub(in.get("q"));
              Var level = in.get("levels");
              return Map.of("loss", u.mul(level).max(u.mul(level.sub(1))).mean().reshape(1));
            });
  }

  private static final List<String> PARAMETERS =
      List.of(
          "conv1_w",
          "conv1_b",
          "conv2_w",
          "conv2_b",
          "dense1_w",
          "dense1_b",
          "dense2_w",
          "dense2_b");

  /// The network of the golden on one flat vector of parameters; outputs `y`, `loss`, `gradient`.
  private static Program tiny(DType f, GoldenCase parameter) {
    Trace t = new Trace("tiny");
    int size = PARAMETERS.stream().mapToInt(k -> parameter.values(k).length).sum();
    Var p = t.state("p", new Type(f, Shape.of(size)));
    Map<String, Var> w = new LinkedHashMap<>();
    int at = 0;
    for (String k : PARAMETERS) {
      Shape s = Shape.of(parameter.shape(k));
      w.put(k, p.slice(0, at, at + s.size()).reshape(s.dims()));
      at += s.size();
    }
    Var x = t.data("x", new Type(f, Shape.of(16, 8, 8, 1)));
    for (String layer : List.of("conv1", "conv2")) {
      x = t.apply(new ConvPool(), List.of(x, w.get(layer + "_w"), w.get(layer + "_b"))).getFirst();
    }
    Dense hidden = new Dense(Activation.leakyRelu(0.01));
    Var y = t.one(hidden, x.reshape(16, 32), w.get("dense1_w"), w.get("dense1_b"));
    y = t.one(new Dense(Activation.NONE), y, w.get("dense2_w"), w.get("dense2_b"));
    Var loss = y.sub(t.data("target", new Type(f, Shape.of(16, 2)))).square().mean();
    Var gradient = Gradient.of(loss, List.of(p)).getFirst();
    t.output("y", y);
    t.output("loss", loss);
    t.output("gradient", gradient);
    adam(t, p, gradient, t.scalar(1, f), FIRST[1], FIRST[2], 0);
    return t.program();
  }

  private static double[] flat(GoldenCase c) {
    List<Double> all = new ArrayList<>();
    for (String k : PARAMETERS) {
      for (double v : c.values(k)) {
        all.add(v);
      }
    }
    return all.stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Test
  void tinyNetworkTrainedForTenSteps() {
    GoldenCase data = new GoldenCase("tiny_cnn", "data");
    GoldenCase parameter = new GoldenCase("tiny_cnn", "parameter");
    double[] losses = new GoldenCase("tiny_cnn", "adam").values("loss");
    for (DType f : List.of(DType.FLOAT64, DType.FLOAT32)) {
      double tolerance = f == DType.FLOAT64 ? 1e-11 : 2e-5;
      for (Device device : devices()) {
        String what = " in " + f + " on " + device.name();
        try (device;
            Executable e = device.bind(tiny(f, parameter))) {
          e.input("p").write(flat(parameter), 0);
          e.input("x").write(data.values("x"), 0);
          e.input("target").write(data.values("target"), 0);
          for (int s = 0; s < losses.length; s++) {
            e.input("control").write(control(FIRST, s), 0);
            if (s == losses.length - 1) {
              double[] trained = flat(new GoldenCase("tiny_cnn", "trained"));
              GoldenCase.close("trained" + what, e.input("p").doubles(), trained, tolerance);
            }
            e.run();
            if (s == 0) {
              double[] y = new GoldenCase("tiny_cnn", "first").values("y");
              GoldenCase.close("y" + what, e.output("y").doubles(), y, tolerance);
              double[] d = flat(new GoldenCase("tiny_cnn", "gradient"));
              GoldenCase.close("gradient" + what, e.output("gradient").doubles(), d, tolerance);
            }
            double[] loss = {losses[s]};
            GoldenCase.close("loss " + s + what, e.output("loss").doubles(), loss, tolerance);
          }
        }
      }
    }
  }
}
