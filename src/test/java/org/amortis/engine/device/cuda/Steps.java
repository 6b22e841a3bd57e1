package org.amortis.engine.device.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Buffer;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.op.Activation;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Marginal;
import org.amortis.inference.Observations;
import org.amortis.inference.Prior;
import org.amortis.inference.mcmc.Adaptation;
import org.amortis.inference.mcmc.Metropolis;
import org.amortis.inference.mcmc.MetropolisOptions;
import org.amortis.inference.mcmc.Start;
import org.amortis.inference.posterior.NeuralPosterior;
import org.amortis.nn.Network;
import org.amortis.nn.density.FlowDensity;
import org.amortis.nn.flow.Composition;
import org.amortis.nn.flow.Flows;
import org.amortis.nn.flow.Standardise;
import org.amortis.nn.layer.ConvPool;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Flatten;
import org.amortis.nn.layer.Sequential;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.Column;
import org.amortis.nn.train.Dataset;
import org.amortis.nn.train.LearningRate;
import org.amortis.nn.train.Objective;
import org.amortis.nn.train.TrainingOptions;
import org.amortis.nn.train.TrainingStep;
import org.amortis.studies.gp.GaussianProcess;

/// Steps of training that the project times, bound on a CUDA device that computes nothing.
public final class Steps {
  private Steps() {}

  /// A device that tells what it binds.
  private record Listening(Device device, Consumer<Executable> listener) implements Device {
    @Override
    public String name() {
      return device.name();
    }

    @Override
    public String describe() {
      return device.describe();
    }

    @Override
    public Buffer allocate(Type type) {
      return device.allocate(type);
    }

    @Override
    public Executable bind(Program program) {
      Executable e = device.bind(program);
      listener.accept(e);
      return e;
    }

    @Override
    public void close() {
      device.close();
    }
  }

  /// A training step that is timed: what it minimises, on what.
  record Timed(Objective objective, Dataset data, int batch, double clip) {
    TrainingStep on(Device device) {
      var layout = TrainingStep.layout(objective, data, batch);
      return new TrainingStep(
          device,
          objective,
          layout,
          data,
          Augmentation.NONE,
          new TrainingOptions(batch, 1, 0, new LearningRate.Constant(1e-3), clip, 0, 1),
          layout.initial(1),
          layout.initialStatistics(1));
    }
  }

  /// Runs one step of a name: `network`, `moons` or `fields`.
  public static void run(String name, Device device) {
    Timed timed =
        switch (name) {
          case "network" -> regression();
          case "moons" -> twoMoons();
          case "fields" -> ofFields();
          default -> throw new IllegalArgumentException("no step " + name);
        };
    int n = timed.data().count();
    int[] order = new int[n];
    Arrays.setAll(order, i -> i);
    try (TrainingStep step = timed.on(device)) {
      step.begin(timed.data(), order);
      step.run(0, 1, Long.MAX_VALUE);
    }
  }

  /// The last lines of what `explain` says of a step, from the number of launches on.
  private static List<String> explain(Timed timed) {
    List<String> lines = new ArrayList<>();
    CudaDevice h100 = new CudaDevice(0, "Fake H100", 90, 132, 80L << 30, 12040);
    try (Device device =
        new Listening(
            new GpuDevice(new CudaDriver(h100, new FakeCalls(), false)),
            e -> e.explain().lines().forEach(lines::add))) {
      timed.on(device).close();
    }
    return lines;
  }

  /// The review's network for 16 x 16 fields.
  static Network paper(int outputs) {
    return Sequential.of(
        new ConvPool(64),
        new ConvPool(128),
        new Flatten(),
        new Dense(64, Activation.leakyRelu(0.01)),
        new Dense(outputs));
  }

  private static Column column(String name, int n, int... sample) {
    Shape s = Shape.of(sample);
    float[] values = new float[n * s.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 37 % 101) * 0.01f;
    }
    return new Column(name, s, values);
  }

  /// Mean squared error of the review's network, batches of 32.
  static List<String> network() {
    return explain(regression());
  }

  private static Timed regression() {
    Objective error =
        (scope, columns) ->
            paper(1)
                .apply(scope, columns.get("data"))
                .sub(columns.get("theta"))
                .square()
                .reshape(columns.get("data").dim(0));
    Dataset data = Dataset.of(column("theta", 64, 1), column("data", 64, 16, 16, 1));
    return new Timed(error, data, 32, 0);
  }

  /// Flow posterior of two parameters from data of two numbers, batches of 200, clipped.
  static List<String> moons() {
    return explain(twoMoons());
  }

  private static Timed twoMoons() {
    Prior prior = Prior.of(new Marginal.Uniform("a", -1, 1), new Marginal.Uniform("b", -1, 1));
    return flow(prior, (scope, x) -> x, 2, 2, 200, 2);
  }

  /// Flow posterior of one parameter from fields, batches of 32, clipped.
  static List<String> fields() {
    return explain(ofFields());
  }

  private static Timed ofFields() {
    Prior prior = Prior.of(new Marginal.Uniform("length", 0, 1));
    return flow(prior, paper(8), 1, 8, 32, 16, 16, 1);
  }

  private static Timed flow(
      Prior prior, Network summary, int p, int features, int batch, int... sample) {
    Dataset data = Dataset.of(column("u", 2 * batch, p), column("data", 2 * batch, sample));
    double[] u = new double[2 * batch * p];
    for (int i = 0; i < u.length; i++) {
      u[i] = Math.sin(i);
    }
    Standardise first = Standardise.of(u, p);
    return new Timed(
        new NeuralPosterior(
            prior,
            summary,
            new FlowDensity(new Composition(List.of(first, Flows.sbiNsf(p, features))))),
        data,
        batch,
        5);
  }

  /// A step of Metropolis-Hastings on fields, the density dense or by the lattice's symmetry.
  static List<String> chains(GaussianProcess.Form form) {
    List<String> lines = new ArrayList<>();
    CudaDevice h100 = new CudaDevice(0, "Fake H100", 90, 132, 80L << 30, 12040);
    try (Device device =
        new Listening(
            new GpuDevice(new CudaDriver(h100, new FakeCalls(), false)),
            e -> e.explain().lines().forEach(lines::add))) {
      Observations fields = new Observations(GaussianProcess.FIELD, new float[4 * 256]);
      var likelihood = GaussianProcess.likelihood(fields, form, device);
      var options =
          new MetropolisOptions(8, 4, 1, 1, new Start.FromPrior(), 0.1, new Adaptation.None());
      new Metropolis(device, Progress.NONE, Cancellation.create())
          .sample(GaussianProcess.PRIOR, likelihood, options, 1);
    }
    return lines;
  }

  public static void main(String[] arguments) {
    network().forEach(System.out::println);
    moons().forEach(System.out::println);
    fields().forEach(System.out::println);
    for (GaussianProcess.Form form : GaussianProcess.Form.values()) {
      System.out.println(form);
      chains(form).forEach(System.out::println);
    }
  }
}
