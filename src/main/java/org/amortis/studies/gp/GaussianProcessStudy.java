package org.amortis.studies.gp;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.engine.device.Executable;
import org.amortis.engine.plan.Operations;
import org.amortis.engine.program.Program;
import org.amortis.inference.Observations;
import org.amortis.inference.mcmc.Metropolis;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.io.Json;
import org.amortis.io.Npy;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;
import org.amortis.io.RunFolder;
import org.amortis.nn.train.LatticeSymmetry;
import org.amortis.nn.train.Objective;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;
import org.amortis.report.HtmlReport;
import org.amortis.report.ScoreTable;
import org.amortis.report.TableCsv;
import org.amortis.report.TerminalTable;
import org.amortis.studies.SampleOptions;
import org.amortis.studies.Study;
import org.amortis.studies.StudyOptions;

/// The Gaussian-process study: exact posterior, MCMC, neural Bayes estimator, forward-KL posterior
/// on the same fields.
public final class GaussianProcessStudy implements Study {
  private static final List<String> METHODS = List.of("exact", "mcmc", "nbe", "fkl");

  private static final List<String> FILES =
      List.of(
          "table.csv",
          "test.npz",
          "exact.npz",
          "draws_*.npy",
          "estimates_nbe.npy",
          "micro.npz",
          "micro_*.npy",
          "*.safetensors",
          "report.html");

  @Override
  public String name() {
    return "gp";
  }

  @Override
  public String description() {
    return "Gaussian process with one length scale: exact posterior, MCMC, NBE, forward KL";
  }

  @Override
  public List<String> methods() {
    return METHODS;
  }

  @Override
  public void run(StudyOptions o, PrintStream out) {
    Budget budget = Budget.of(o.profile());
    if (o.testFields().isPresent()) {
      budget = budget.withTest(o.testFields().getAsInt());
    }
    FieldFile.Fields given = o.data().map(FieldFile::read).orElse(null);
    if (given != null) {
      budget = budget.withTest(given.count());
    }
    try (Device device = Devices.open(o.device(), o.threads());
        RunFolder folder = RunFolder.open(o.out(), settings(o, budget, device), FILES, o.force())) {
      long started = System.nanoTime();
      facts(folder, o, device);
      Run run =
          new Run(
              o, budget, folder, device, test(o, budget, folder, device, given), micro(o, device));
      run.writeNpz("micro.npz", FieldFile.arrays(Run.MICRO, run.micro));
      List<MethodResult> results = new ArrayList<>();
      Methods methods = new Methods(run);
      for (String method : o.methods()) {
        o.cancellation().check();
        results.add(methods.run(method));
      }
      finish(run, methods, results, out);
      folder.record(
          folder.recorded().with("seconds_last_run", (System.nanoTime() - started) * 1e-9));
    }
  }

  private static void finish(
      Run run, Methods methods, List<MethodResult> results, PrintStream out) {
    boolean exact = run.options.methods().contains("exact");
    GridPosterior grid = exact ? stored(run) : null;
    GpReport report = new GpReport(run, results, grid);
    Effort effort = null;
    if (run.options.methods().contains("fkl") && run.options.methods().contains("mcmc")) {
      effort = Effort.of(run.budget, run.budget.epochs(), run.device);
    }
    String html = HtmlReport.render(report.report(effort, exact ? methods.grid(run.micro) : null));
    run.folder.write("report.html", w -> w.write(html.getBytes(StandardCharsets.UTF_8)));
    if (run.test.theta() == null) {
      out.println(
          "theta is not known for these fields, so nothing is scored; draws are in "
              + run.options.out());
      return;
    }
    ScoreTable table = report.table(false);
    run.folder.write("table.csv", w -> TableCsv.of(table).writeTo(w));
    out.print(TerminalTable.write(report.table(true), 100, false));
    out.println();
    out.print(TerminalTable.write(report.published(), 100, false));
    breakEven(run, out);
    out.println();
    out.println("report: " + run.folder.path("report.html"));
  }

  /// Prints and records after how many fields training has paid for itself, in seconds of this run.
  private static void breakEven(Run run, PrintStream out) {
    double train = run.fact("fkl", "train_seconds");
    double amortized = run.fact("fkl", "seconds_per_field");
    double mcmc = run.fact("mcmc", "seconds_per_field");
    if (Double.isNaN(train) || Double.isNaN(amortized) || Double.isNaN(mcmc)) {
      return;
    }
    double fields =
        mcmc > amortized ? StrictMath.ceil(train / (mcmc - amortized)) : Double.POSITIVE_INFINITY;
    run.folder.record(run.folder.recorded().with("break_even_fields", fields));
    out.println();
    out.println(
        "break-even: training fkl took "
            + Text.seconds(train)
            + ", a field then "
            + Text.seconds(amortized)
            + "; MCMC (interpolated likelihood) "
            + Text.seconds(mcmc)
            + " a field: amortized inference wins after "
            + Text.count(fields)
            + " fields");
  }

  private static GridPosterior stored(Run run) {
    Npz npz = Npz.read(run.folder.path("exact.npz"));
    double[][] axes = {npz.array("grid").toDoubles()};
    return new GridPosterior(axes, npz.array("log_density").toDoubles(), run.test.count());
  }

  private static FieldFile.Fields test(
      StudyOptions o, Budget budget, RunFolder folder, Device device, FieldFile.Fields given) {
    if (!folder.has("test.npz")) {
      Map<String, NpyArray> arrays;
      if (given != null) {
        arrays = FieldFile.arrays(given.theta(), given.fields());
      } else {
        GaussianProcess.Pairs p =
            GaussianProcess.simulate(
                budget.test(), Seeds.TEST.of(o.seed()), device, o.progress(), o.cancellation());
        arrays = FieldFile.arrays(p.theta(), p.fields());
      }
      folder.write("test.npz", w -> Npz.write(w, arrays));
    }
    return FieldFile.read(folder.path("test.npz"));
  }

  private static Observations micro(StudyOptions o, Device device) {
    float[] z =
        GaussianProcess.fields(
            Run.MICRO, Seeds.MICRO.of(o.seed()), device, o.progress(), o.cancellation());
    return new Observations(GaussianProcess.FIELD, z);
  }

  /// Everything that decides the results; methods and threads do not.
  private static Json.Obj settings(StudyOptions o, Budget b, Device device) {
    Json.Obj s =
        Json.Obj.empty()
            .with("study", "gp")
            .with("profile", o.profile().label())
            .with("seed", o.seed())
            .with("device", device.name())
            .with("budget", b.toString());
    if (o.data().isPresent()) {
      s = s.with("data_sha256", digest(List.of(o.data().get())));
    }
    if (o.networks().isPresent()) {
      s = s.with("networks_sha256", digest(networks(o.networks().get())));
    }
    return s;
  }

  private static List<Path> networks(Path folder) {
    try (var files = Files.list(folder)) {
      List<Path> found =
          files.filter(f -> f.getFileName().toString().endsWith(".safetensors")).sorted().toList();
      if (found.isEmpty()) {
        throw Failure.data(folder + ": no *.safetensors in it, expected trained networks");
      }
      return found;
    } catch (IOException e) {
      throw Failure.storage(folder + ": cannot be listed: " + e.getMessage()).causedBy(e);
    }
  }

  private static String digest(List<Path> files) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (Path f : files) {
        sha.update(f.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        sha.update(Files.readAllBytes(f));
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (IOException e) {
      throw Failure.storage(files + ": cannot be read: " + e.getMessage()).causedBy(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void facts(RunFolder folder, StudyOptions o, Device device) {
    Json.Obj f = folder.recorded();
    f =
        f.with("started", Instant.now().toString())
            .with("java", System.getProperty("java.vm.name") + " " + Runtime.version())
            .with("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"))
            .with("processors", Runtime.getRuntime().availableProcessors())
            .with("threads", o.threads())
            .with("device_description", device.describe())
            .with("methods_last_run", String.join(",", o.methods()));
    folder.record(f);
  }

  @Override
  public void sample(SampleOptions o) {
    FieldFile.Fields given = FieldFile.read(o.data());
    String method = NetworkFile.method(o.network());
    if (!method.equals("fkl")) {
      throw Failure.usage(
          o.network() + ": a network of method " + method + " gives no draws; expected one of fkl");
    }
    var model = Models.fkl();
    var layout = Training.layout(model);
    NetworkFile.Content network = NetworkFile.read(o.network(), method, layout);
    try (Device device = Devices.open(o.device(), Runtime.getRuntime().availableProcessors());
        AmortizedPosterior p =
            new AmortizedPosterior(model, layout, network.parameters(), new double[0], device)) {
      double[] draws = p.sample(given.fields(), o.draws(), o.seed());
      Npy.write(o.out(), NpyArray.of(draws, given.count(), o.draws()));
    }
  }

  @Override
  public void explain(String method, PrintStream out) {
    Budget budget = Budget.of(StudyOptions.Profile.STANDARD);
    try (Device device = Devices.open("cpu", Runtime.getRuntime().availableProcessors())) {
      for (Map.Entry<String, Program> e : programs(method, budget, device).entrySet()) {
        out.println("== " + e.getKey());
        out.print(e.getValue());
        out.println("floating-point operations a run: " + Operations.of(e.getValue()));
        try (Executable bound = device.bind(e.getValue())) {
          out.print(bound.explain());
        }
        out.println();
      }
    }
  }

  private static Map<String, Program> programs(String method, Budget budget, Device device) {
    Map<String, Program> programs = new LinkedHashMap<>();
    programs.put("simulate 64 fields", GaussianProcess.simulator());
    Observations fields =
        new Observations(GaussianProcess.FIELD, new float[8 * GaussianProcess.FIELD.size()]);
    if (method.equals("mcmc")) {
      for (GaussianProcess.Form form : GaussianProcess.Form.values()) {
        programs.put(
            "one Metropolis-Hastings step, 8 fields, "
                + form.name().toLowerCase(java.util.Locale.ROOT),
            Metropolis.program(
                GaussianProcess.PRIOR,
                GaussianProcess.likelihood(fields, form, device),
                budget.mcmc()));
      }
    }
    Objective objective =
        method.equals("nbe") ? Models.nbe() : method.equals("fkl") ? Models.fkl() : null;
    if (objective != null) {
      double[] theta = new double[64];
      java.util.Arrays.fill(theta, 0.1);
      GaussianProcess.Pairs pairs =
          new GaussianProcess.Pairs(
              theta,
              new Observations(
                  GaussianProcess.FIELD, new float[64 * GaussianProcess.FIELD.size()]));
      programs.put(
          "one training step, batch 32",
          Trainer.program(
              objective,
              Training.dataset(pairs),
              new LatticeSymmetry("data", GaussianProcess.SIDE, true),
              TrainingOptions.of(budget.epochs(), 1)));
    }
    if (method.equals("fkl")) {
      programs.put(
          "draws for one field",
          AmortizedPosterior.samplingProgram(
              Models.fkl(),
              Training.layout(Models.fkl()),
              GaussianProcess.FIELD,
              1,
              budget.draws()));
    }
    return programs;
  }
}
