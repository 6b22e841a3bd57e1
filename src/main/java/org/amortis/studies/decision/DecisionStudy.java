package org.amortis.studies.decision;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Device;
import org.amortis.engine.op.Activation;
import org.amortis.inference.Observations;
import org.amortis.inference.point.AmortizedEstimator;
import org.amortis.inference.point.NeuralBayesEstimator;
import org.amortis.io.Json;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;
import org.amortis.io.RunFolder;
import org.amortis.nn.NetworkFile;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.layer.Dense;
import org.amortis.nn.layer.Sequential;
import org.amortis.nn.train.Augmentation;
import org.amortis.nn.train.LearningRate;
import org.amortis.nn.train.Simulations;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;
import org.amortis.report.HtmlReport;
import org.amortis.studies.EarlierNetworks;
import org.amortis.studies.RunFacts;
import org.amortis.studies.Study;
import org.amortis.studies.StudyFolder;
import org.amortis.studies.StudyOptions;
import org.amortis.studies.StudyOptions.Profile;

/// The decision study: the expected loss of every decision at every data set, and a trained
/// estimator that traces its minima.
public final class DecisionStudy implements Study {
  /// The minimiser in closed form.
  static final String EXACT = "exact";

  /// The trained estimator.
  static final String NBE = "nbe";

  /// Ends of the grid along X.
  static final double LOW = -0.6;

  static final double HIGH = 1.6;

  private static final List<String> FILES =
      List.of(
          "table.csv",
          "test.npz",
          "rule_nbe.npz",
          "sequence_nbe.npz",
          "nbe.safetensors",
          "report.html");

  private final Function<Profile, DecisionBudget> budgets;

  /// The study with the budgets of its profiles.
  public DecisionStudy() {
    this(DecisionBudget::of);
  }

  /// The study with other budgets.
  DecisionStudy(Function<Profile, DecisionBudget> budgets) {
    this.budgets = budgets;
  }

  @Override
  public String name() {
    return "decision";
  }

  @Override
  public String description() {
    return "Amortization as a decision rule: expected loss, its minima, a trained estimator";
  }

  @Override
  public List<String> methods() {
    return List.of(EXACT, NBE);
  }

  /// One run: what its parts share.
  private record Run(StudyOptions o, DecisionBudget budget, RunFolder folder, Device device) {
    long seed(int part) {
      return o.seed() * 0x9E3779B97F4A7C15L + (20 + part) * 0xBF58476D1CE4E5B9L;
    }
  }

  /// What the trained estimator decides.
  ///
  /// @param test decisions at the test data, `(n, 3)`
  /// @param grid decisions at the midpoints of the grid, `(cells, 3)`
  /// @param sequence decisions at the midpoints by the number of epochs done; may be empty
  record Rule(double[] test, double[] grid, SortedMap<Integer, double[]> sequence) {}

  /// The estimator: posterior mean, 5 % and 95 % quantiles.
  static NeuralBayesEstimator estimator() {
    return NeuralBayesEstimator.meanAndQuantiles(
        SimpleModel.PRIOR,
        Sequential.of(new Dense(64, Activation.RELU), new Dense(64, Activation.RELU)),
        0.05,
        0.95);
  }

  @Override
  public boolean takesData() {
    return false;
  }

  @Override
  public void run(StudyOptions o, PrintStream out) {
    if (o.data().isPresent()) {
      throw Failure.usage("study decision makes its own data and takes no --data");
    }
    DecisionBudget usual = budgets.apply(o.profile());
    DecisionBudget budget = usual.withTest(o.testFields().orElse(usual.test()));
    Optional<EarlierNetworks> earlier = earlier(o);
    StudyFolder place =
        new StudyFolder(
            o, out, FILES, budget.json(), Json.Obj.empty().with("user", o.seed()), earlier);
    place.run((folder, device) -> {
      Run run = new Run(o, budget, folder, device);
      float[] test = test(run);
      Rule rule = o.methods().contains(NBE) ? rule(run, test) : null;
      finish(run, test, rule, out);
    });
  }

  private static Optional<EarlierNetworks> earlier(StudyOptions o) {
    if (!o.methods().contains(NBE)) {
      return Optional.empty();
    }
    Optional<EarlierNetworks> earlier =
        EarlierNetworks.of(o, List.of("nbe.safetensors"), List.of("sequence_nbe.npz"));
    NeuralBayesEstimator model = estimator();
    earlier.ifPresent(e ->
        NetworkFile.read(
            e.file("nbe.safetensors"), model.layout(SimpleModel.SAMPLE), model.toString()));
    return earlier;
  }

  private static float[] test(Run run) {
    if (!run.folder.has("test.npz")) {
      double[] theta = SimpleModel.PRIOR.sample(run.seed(1), 0, run.budget.test());
      Map<String, NpyArray> arrays = new LinkedHashMap<>();
      arrays.put("theta", NpyArray.of(theta, theta.length));
      arrays.put("z", NpyArray.of(SimpleModel.data(theta, run.seed(1)).values(), theta.length));
      run.folder.write("test.npz", w -> Npz.write(w, arrays));
    }
    return Npz.read(run.folder.path("test.npz")).array("z").toFloats();
  }

  /// Midpoints of the grid along X.
  static double[] data(int cells) {
    double[] x = new double[cells];
    for (int i = 0; i < cells; i++) {
      x[i] = LOW + (HIGH - LOW) * (i + 0.5) / cells;
    }
    return x;
  }

  /// Midpoints of the grid along delta.
  static double[] decisions(int cells) {
    double[] d = new double[cells];
    for (int i = 0; i < cells; i++) {
      d[i] = (i + 0.5) / cells;
    }
    return d;
  }

  private static Observations observations(double[] x) {
    float[] z = new float[x.length];
    for (int i = 0; i < z.length; i++) {
      z[i] = (float) x[i];
    }
    return new Observations(SimpleModel.SAMPLE, z);
  }

  private static Rule rule(Run run, float[] test) {
    NeuralBayesEstimator model = estimator();
    if (!run.folder.has("nbe.safetensors")) {
      train(run, model);
    }
    int cells = run.budget.cells();
    if (!run.folder.has("rule_nbe.npz")) {
      try (AmortizedEstimator e =
          AmortizedEstimator.load(
              run.folder.path("nbe.safetensors"), model, SimpleModel.SAMPLE, run.device)) {
        double[] found =
            e.estimate(
                new Observations(SimpleModel.SAMPLE, test), run.o.progress(), run.o.cancellation());
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        arrays.put("test", NpyArray.of(found, test.length, 3));
        arrays.put("x", NpyArray.of(data(cells), cells));
        arrays.put("grid", NpyArray.of(e.estimate(observations(data(cells))), cells, 3));
        run.folder.write("rule_nbe.npz", w -> Npz.write(w, arrays));
      }
    }
    Npz npz = Npz.read(run.folder.path("rule_nbe.npz"));
    return new Rule(
        npz.array("test").toDoubles(), npz.array("grid").toDoubles(), sequence(run.folder));
  }

  private static void train(Run run, NeuralBayesEstimator model) {
    DecisionBudget b = run.budget;
    TrainingOptions options =
        new TrainingOptions(
            64, b.epochs(), 0, new LearningRate.WarmupCosine(3e-3, 0.02, 0), 5, 0, run.seed(4));
    ParameterLayout layout = model.layout(SimpleModel.SAMPLE);
    TreeMap<Integer, double[]> seen = new TreeMap<>();
    List<Integer> shown = List.of(0, 1, 2, b.epochs());
    Trained trained =
        new Trainer(run.device, run.o.progress(), run.o.cancellation())
            .watched((epoch, parameters) -> {
              if (shown.contains(epoch)) {
                try (AmortizedEstimator e =
                    new AmortizedEstimator(
                        model, layout, parameters.get(), new double[0], run.device)) {
                  seen.put(epoch, e.estimate(observations(data(b.cells()))));
                }
              }
            })
            .fit(
                NBE,
                model,
                Simulations.fixed(SimpleModel.pairs(b.train(), run.seed(2))),
                SimpleModel.pairs(b.validation(), run.seed(3)),
                Augmentation.NONE,
                options);
    write(run.folder, seen, b.cells());
    // Facts before files: a finished file is never computed again.
    RunFacts.add(run.folder, NBE, RunFacts.training(trained));
    try (AmortizedEstimator e = new AmortizedEstimator(model, trained, run.device)) {
      e.save(run.folder.path("nbe.safetensors"));
    }
  }

  private static void write(RunFolder folder, SortedMap<Integer, double[]> seen, int cells) {
    List<Integer> epochs = new ArrayList<>(seen.keySet());
    double[] numbers = epochs.stream().mapToDouble(e -> e).toArray();
    double[] all = new double[numbers.length * cells * 3];
    for (int k = 0; k < numbers.length; k++) {
      System.arraycopy(seen.get(epochs.get(k)), 0, all, k * cells * 3, cells * 3);
    }
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("epoch", NpyArray.of(numbers, numbers.length));
    arrays.put("grid", NpyArray.of(all, numbers.length, cells, 3));
    folder.write("sequence_nbe.npz", w -> Npz.write(w, arrays));
  }

  private static SortedMap<Integer, double[]> sequence(RunFolder folder) {
    TreeMap<Integer, double[]> seen = new TreeMap<>();
    if (folder.has("sequence_nbe.npz")) {
      Npz npz = Npz.read(folder.path("sequence_nbe.npz"));
      double[] epochs = npz.array("epoch").toDoubles();
      double[] all = npz.array("grid").toDoubles();
      int size = all.length / epochs.length;
      for (int k = 0; k < epochs.length; k++) {
        seen.put((int) epochs[k], java.util.Arrays.copyOfRange(all, k * size, (k + 1) * size));
      }
    }
    return seen;
  }

  private static void finish(Run run, float[] test, Rule rule, PrintStream out) {
    DecisionReport report = new DecisionReport(run.o, run.budget, test, rule);
    run.folder.write("table.csv", w -> report.csv().writeTo(w));
    String html = HtmlReport.render(report.report());
    run.folder.write("report.html", w -> w.write(html.getBytes(StandardCharsets.UTF_8)));
    out.print(report.table().text());
    out.println();
    out.println("report: " + run.folder.path("report.html"));
  }
}
