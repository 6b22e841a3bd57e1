package org.amortis.studies.ratio;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Device;
import org.amortis.engine.math.Special;
import org.amortis.inference.Observations;
import org.amortis.inference.ratio.AmortizedRatio;
import org.amortis.inference.ratio.NeuralRatio;
import org.amortis.io.Json;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;
import org.amortis.io.RunFolder;
import org.amortis.nn.NetworkFile;
import org.amortis.nn.ParameterLayout;
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

/// The ratio study: the classifier between joint and independent pairs, by quadrature and learned.
public final class RatioStudy implements Study {
  private static final List<String> FILES =
      List.of(
          "table.csv",
          "pairs.npz",
          "classifier_*.npz",
          "sequence_*.npz",
          "*.safetensors",
          "report.html");

  /// Ends of the grid along Z; no cell midpoint is 0, where the evidence diverges.
  static final double LOW = -2;

  static final double HIGH = 4;

  private final Function<Profile, RatioBudget> budgets;

  /// The study with the budgets of its profiles.
  public RatioStudy() {
    this(RatioBudget::of);
  }

  /// The study with other budgets.
  RatioStudy(Function<Profile, RatioBudget> budgets) {
    this.budgets = budgets;
  }

  @Override
  public String name() {
    return "ratio";
  }

  @Override
  public String description() {
    return "Likelihood-to-evidence ratio in one dimension: Bayes classifier and learned ones";
  }

  @Override
  public List<String> methods() {
    return Classifiers.ALL;
  }

  /// One run: what its parts share.
  private record Run(StudyOptions o, RatioBudget budget, RunFolder folder, Device device) {
    long seed(int part) {
      return o.seed() * 0x9E3779B97F4A7C15L + part * 0xBF58476D1CE4E5B9L;
    }
  }

  @Override
  public boolean takesData() {
    return false;
  }

  @Override
  public void run(StudyOptions o, PrintStream out) {
    if (o.data().isPresent()) {
      throw Failure.usage("study ratio makes its own pairs and takes no --data");
    }
    RatioBudget usual = budgets.apply(o.profile());
    RatioBudget budget = usual.withTest(o.testFields().orElse(usual.test()));
    if (budget.test() < RatioReport.BINS) {
      throw Failure.usage(
          "--test-fields "
              + budget.test()
              + ": the calibration check of study ratio has "
              + RatioReport.BINS
              + " bins, expected at least as many pairs");
    }
    Optional<EarlierNetworks> earlier = earlier(o);
    StudyFolder place =
        new StudyFolder(
            o, out, FILES, budget.json(), Json.Obj.empty().with("user", o.seed()), earlier);
    place.run((folder, device) -> {
      Run run = new Run(o, budget, folder, device);
      TestPairs pairs = pairs(run);
      Map<String, Classified> results = new LinkedHashMap<>();
      results.put(Classifiers.BAYES, bayes(run, pairs));
      for (String method : o.methods()) {
        o.cancellation().check();
        if (!method.equals(Classifiers.BAYES)) {
          results.put(method, learned(run, method, pairs));
        }
      }
      finish(run, pairs, results, out);
    });
  }

  private static Optional<EarlierNetworks> earlier(StudyOptions o) {
    List<String> methods = o.methods().stream().filter(m -> !m.equals(Classifiers.BAYES)).toList();
    Optional<EarlierNetworks> earlier =
        EarlierNetworks.of(
            o,
            methods.stream().map(RatioStudy::network).toList(),
            List.of("sequence_" + Classifiers.LEARNED + ".npz"));
    for (String method : earlier.isPresent() ? methods : List.<String>of()) {
      NeuralRatio ratio = Classifiers.of(method);
      NetworkFile.read(
          earlier.get().file(network(method)), ratio.layout(SpreadModel.SAMPLE), ratio.toString());
    }
    return earlier;
  }

  /// The file that holds a method's network.
  private static String network(String method) {
    return method + ".safetensors";
  }

  /// Fresh pairs of both kinds, all independent of each other: theta and data of independent pairs
  /// come from two simulations.
  record TestPairs(double[] theta, float[] z, double[] otherTheta, float[] otherZ) {
    /// The |Z| below which 99 % of all pairs lie.
    double range() {
      float[] all = java.util.Arrays.copyOf(z, z.length + otherZ.length);
      System.arraycopy(otherZ, 0, all, z.length, otherZ.length);
      return SpreadModel.range(all, 0.99);
    }
  }

  /// A classifier's log ratios.
  ///
  /// @param joint at the joint test pairs
  /// @param independent at the independent ones
  /// @param grid `(Z, theta)`
  /// @param history losses of training, empty without a network
  record Classified(
      double[] joint, double[] independent, double[] grid, List<Trained.Epoch> history) {}

  private static TestPairs pairs(Run run) {
    if (!run.folder.has("pairs.npz")) {
      int n = run.budget.test();
      SpreadModel.Pairs joint = SpreadModel.simulate(n, run.seed(1));
      double[] theta = SpreadModel.simulate(n, run.seed(2)).theta();
      float[] z = SpreadModel.simulate(n, run.seed(3)).data().values();
      Map<String, NpyArray> arrays = new LinkedHashMap<>();
      arrays.put("theta", NpyArray.of(joint.theta(), n));
      arrays.put("z", NpyArray.of(joint.data().values(), n));
      arrays.put("independent_theta", NpyArray.of(theta, n));
      arrays.put("independent_z", NpyArray.of(z, n));
      run.folder.write("pairs.npz", w -> Npz.write(w, arrays));
    }
    Npz npz = Npz.read(run.folder.path("pairs.npz"));
    return new TestPairs(
        npz.array("theta").toDoubles(),
        npz.array("z").toFloats(),
        npz.array("independent_theta").toDoubles(),
        npz.array("independent_z").toFloats());
  }

  /// Midpoints of n cells of theta.
  static double[] thetas(int n) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = (i + 0.5) / n;
    }
    return x;
  }

  /// Midpoints of n cells of Z.
  static float[] data(int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) (LOW + (HIGH - LOW) * (i + 0.5) / n);
    }
    return x;
  }

  private static Classified bayes(Run run, TestPairs pairs) {
    String file = "classifier_" + Classifiers.BAYES + ".npz";
    if (!run.folder.has(file)) {
      int cells = run.budget.cells();
      store(
          run,
          file,
          new Classified(
              SpreadModel.logRatio(pairs.theta, pairs.z),
              SpreadModel.logRatio(pairs.otherTheta, pairs.otherZ),
              SpreadModel.logRatios(thetas(cells), data(cells)),
              List.of()));
    }
    return stored(run, file);
  }

  private static Classified learned(Run run, String method, TestPairs pairs) {
    NeuralRatio ratio = Classifiers.of(method);
    String network = network(method);
    if (!run.folder.has(network)) {
      train(run, method, ratio);
    }
    String file = "classifier_" + method + ".npz";
    if (!run.folder.has(file)) {
      int cells = run.budget.cells();
      try (AmortizedRatio r =
          AmortizedRatio.load(run.folder.path(network), ratio, SpreadModel.SAMPLE, run.device)) {
        store(
            run,
            file,
            new Classified(
                r.logRatio(pairs.theta, new Observations(SpreadModel.SAMPLE, pairs.z)),
                r.logRatio(pairs.otherTheta, new Observations(SpreadModel.SAMPLE, pairs.otherZ)),
                r.logRatios(thetas(cells), new Observations(SpreadModel.SAMPLE, data(cells))),
                List.of()));
      }
    }
    Classified c = stored(run, file);
    return new Classified(c.joint, c.independent, c.grid, history(run, method));
  }

  private static void store(Run run, String file, Classified c) {
    int cells = run.budget.cells();
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("theta", NpyArray.of(thetas(cells), cells));
    arrays.put("z", NpyArray.of(data(cells), cells));
    arrays.put("log_ratio", NpyArray.of(c.grid, cells, cells));
    arrays.put("joint", NpyArray.of(c.joint, c.joint.length));
    arrays.put("independent", NpyArray.of(c.independent, c.independent.length));
    run.folder.write(file, w -> Npz.write(w, arrays));
  }

  private static Classified stored(Run run, String file) {
    Npz npz = Npz.read(run.folder.path(file));
    return new Classified(
        npz.array("joint").toDoubles(),
        npz.array("independent").toDoubles(),
        npz.array("log_ratio").toDoubles(),
        List.of());
  }

  private static void train(Run run, String method, NeuralRatio ratio) {
    RatioBudget b = run.budget;
    boolean published = method.equals(Classifiers.PUBLISHED);
    TrainingOptions options =
        new TrainingOptions(
            published ? RatioBudget.PUBLISHED_BATCH : b.batch(),
            b.epochs(),
            0,
            new LearningRate.WarmupCosine(published ? 1e-3 : 2e-3, 0.02, 0),
            5,
            0,
            run.seed(10 + Classifiers.ALL.indexOf(method)));
    ParameterLayout layout = ratio.layout(SpreadModel.SAMPLE);
    TreeMap<Integer, double[]> seen = new TreeMap<>();
    List<Integer> shown = Sequence.epochs(b.epochs());
    Trained trained =
        new Trainer(run.device, run.o.progress(), run.o.cancellation())
            .watched((epoch, parameters) -> {
              if (method.equals(Classifiers.LEARNED) && shown.contains(epoch)) {
                try (AmortizedRatio r =
                    new AmortizedRatio(
                        ratio, layout, parameters.get(), new double[0], run.device)) {
                  Observations z = new Observations(SpreadModel.SAMPLE, data(b.coarse()));
                  seen.put(epoch, r.logRatios(thetas(b.coarse()), z));
                }
              }
            })
            .fit(
                method,
                ratio,
                Simulations.fixed(SpreadModel.simulate(b.train(), run.seed(4)).dataset()),
                SpreadModel.simulate(b.validation(), run.seed(5)).dataset(),
                Augmentation.NONE,
                options);
    if (!seen.isEmpty()) {
      new Sequence(b.coarse(), seen).write(run.folder, "sequence_" + method + ".npz");
    }
    // Facts before files: a finished file is never computed again.
    RunFacts.add(run.folder, method, RunFacts.training(trained));
    try (AmortizedRatio r = new AmortizedRatio(ratio, trained, run.device)) {
      r.save(run.folder.path(network(method)));
    }
  }

  /// The losses that run.json holds; empty for a network of an earlier run.
  private static List<Trained.Epoch> history(Run run, String method) {
    List<Trained.Epoch> epochs = new ArrayList<>();
    Json.Obj f = RunFacts.of(run.folder, method);
    if (f.get("train_loss").orElse(null) instanceof Json.Arr train
        && f.get("validation_loss").orElse(null) instanceof Json.Arr held) {
      for (int i = 0; i < train.items().size(); i++) {
        epochs.add(
            new Trained.Epoch(
                ((Json.Num) train.items().get(i)).asDouble(),
                ((Json.Num) held.items().get(i)).asDouble()));
      }
    }
    return epochs;
  }

  private static void finish(
      Run run, TestPairs pairs, Map<String, Classified> results, PrintStream out) {
    String sequence = "sequence_" + Classifiers.LEARNED + ".npz";
    RatioReport report =
        new RatioReport(
            run.o,
            run.budget,
            pairs,
            results,
            run.folder.has(sequence) ? Sequence.read(run.folder, sequence) : null);
    run.folder.write("table.csv", w -> report.csv().writeTo(w));
    String html = HtmlReport.render(report.report());
    run.folder.write("report.html", w -> w.write(html.getBytes(StandardCharsets.UTF_8)));
    out.print(report.text());
    out.println();
    out.println("report: " + run.folder.path("report.html"));
  }

  /// Classifier from log ratios.
  static double[] classifier(double[] log) {
    double[] c = new double[log.length];
    for (int i = 0; i < c.length; i++) {
      c[i] = Special.sigmoid(log[i]);
    }
    return c;
  }
}
