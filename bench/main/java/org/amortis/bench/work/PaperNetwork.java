package org.amortis.bench.work;

import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.op.Activation;
import org.amortis.engine.op.Move;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;
import org.amortis.nn.Network;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;
import org.amortis.nn.layer.ConvPool;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Flatten;
import org.amortis.nn.layer.Sequential;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.Objective;

/// The paper's convolutional network on 16 x 16 fields: 64 and 128 filters of 3 x 3, each with ReLU
/// and max-pooling, a dense layer of 64, the outputs.
public final class PaperNetwork {
  /// Fields of one pass.
  public static final int FIELDS = 2048;

  private PaperNetwork() {}

  /// The network with so many outputs.
  public static Network of(int outputs) {
    return Sequential.of(
        new ConvPool(64),
        new ConvPool(128),
        new Flatten(),
        new Dense(64, Activation.leakyRelu(0.01)),
        new Dense(outputs));
  }

  /// One pass of training over 2,048 resident fields: gather, forward, mean squared error,
  /// backward, Adam 1e-3.
  public static Epochs training(Device device, int batch) {
    return training(device, batch, FIELDS);
  }

  /// The same over so many resident fields.
  public static Epochs training(Device device, int batch, int fields) {
    Network network = of(1);
    Objective error =
        (scope, columns) ->
            network
                .apply(scope, columns.get("data"))
                .sub(columns.get("theta"))
                .square()
                .reshape(columns.get("data").dim(0));
    Dataset data = Pairs.columns(Pairs.fields(device, fields, 1));
    return new Epochs(device, error, data, null, batch, 1e-3, 0);
  }

  /// 2,048 resident fields forward in batches.
  public static Work inference(Device device, int batch) {
    return new Forward(device, batch);
  }

  private static final class Forward implements Work {
    private final Device device;
    private final int batch;
    private final Runnable settle;
    private final float[] fields;
    private final Executable program;

    Forward(Device device, int batch) {
      this.device = device;
      this.batch = batch;
      this.settle = Work.settle(device);
      this.fields = Pairs.fields(device, FIELDS, 1).fields().values();
      this.program = bind(device, fields, FIELDS, batch);
    }

    private static Executable bind(Device device, float[] fields, int n, int b) {
      Network network = of(1);
      ParameterLayout layout =
          ParameterLayout.of(s -> network.apply(s, s.trace().data("data", Type.f32(b, 16, 16, 1))));
      Trace t = new Trace("forward");
      Var all = t.data("data", Type.f32(n, 16, 16, 1));
      Var rows = t.one(new Move.Window(b), all, t.data("start", Type.i32(1)));
      t.output("y", network.apply(Scope.evaluating(t, DType.FLOAT32, layout), rows));
      Executable e = device.bind(t.program());
      e.input("parameters").write(layout.initial(1), 0);
      e.input("data").write(fields, 0);
      return e;
    }

    @Override
    public double seconds() {
      return Work.time(() -> {
        for (int i = 0; i < FIELDS; i += batch) {
          program.input("start").write(i);
          program.run();
        }
        settle.run();
      });
    }

    @Override
    public void check() {
      try (Executable a = bind(device, fields, 6, 3);
          Executable b = bind(new ReferenceDevice(), fields, 6, 3)) {
        for (Executable e : new Executable[] {a, b}) {
          e.input("start").write(3);
          e.run();
        }
        Work.agree("network", a.output("y").doubles(), b.output("y").doubles(), 1e-5);
      }
    }

    @Override
    public void close() {
      program.close();
    }
  }
}
