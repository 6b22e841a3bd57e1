package org.amortis.studies.msp;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.engine.device.Executable;
import org.amortis.engine.plan.Operations;
import org.amortis.engine.program.Program;
import org.amortis.inference.Observations;
import org.amortis.io.Npy;
import org.amortis.io.NpyArray;
import org.amortis.nn.train.Trained;
import org.amortis.nn.train.Trainer;
import org.amortis.nn.train.TrainingOptions;
import org.amortis.report.HtmlReport;
import org.amortis.report.TerminalTable;
import org.amortis.studies.EarlierNetworks;
import org.amortis.studies.FieldFile;
import org.amortis.studies.RunFiles;
import org.amortis.studies.SampleOptions;
import org.amortis.studies.Study;
import org.amortis.studies.StudyFolder;
import org.amortis.studies.StudyOptions;
import org.amortis.studies.StudyOptions.Profile;

/// The max-stable study: two parameters of a process whose likelihood cannot be computed.
public final class MaxStableStudy implements Study {
  private static final List<String> FILES =
      List.of(
          "table.csv",
          "repeats.csv",
          "repeat*_draws_*.npy",
          "repeat*_estimates_*.npy",
          "repeat*_micro_*.npy",
          "test.npz",
          "micro.npz",
          "draws_*.npy",
          "estimates_*.npy",
          "micro_*.npy",
          "*.safetensors",
          "report.html");

  private final Function<Profile, Budget> budgets;

  /// The study with the budgets of its profiles.
  public MaxStableStudy() {
    this(Budget::of);
  }

  /// The study with other budgets.
  MaxStableStudy(Function<Profile, Budget> budgets) {
    this.budgets = budgets;
  }

  @Override
  public String name() {
    return "msp";
  }

  @Override
  public String description() {
    return "Max-stable process with two parameters: pairwise likelihood, NBE, forward KL, NRE";
  }

  @Override
  public List<String> methods() {
    return Methods.names();
  }

  @Override
  public boolean repeats() {
    return true;
  }

  @Override
  public void run(StudyOptions o, PrintStream out) {
    FieldFile.Fields given = o.data().map(Schlather.FILE::read).orElse(null);
    o.checkRepeats(
        given, o.methods().stream().anyMatch(m -> Methods.of(m) instanceof NetworkMethod));
    Budget budget = budget(o, given);
    Optional<EarlierNetworks> earlier = earlier(o);
    StudyFolder place =
        new StudyFolder(o, out, FILES, budget.json(), Seeds.json(o.seed()), earlier);
    place.run((folder, device) -> {
      FieldFile.Fields test =
          Schlather.FILE.stored(
              folder, "test.npz", () -> given == null ? simulated(o, budget) : given);
      Run run = new Run(o, budget, new RunFiles(folder, 1), device, test, micro(o));
      Schlather.FILE.write(folder, "micro.npz", new FieldFile.Fields(Run.MICRO, run.micro));
      List<Found> results = new ArrayList<>();
      for (String method : o.methods()) {
        o.cancellation().check();
        results.add(Methods.of(method).run(run));
      }
      finish(run, results, out);
    });
  }

  private Budget budget(StudyOptions o, FieldFile.Fields given) {
    Budget budget = budgets.apply(o.profile());
    int widest = StrictMath.max(2 * budget.draws(), budget.gridCells() * budget.gridCells());
    return budget.withTest(
        o.fields(given, budget.test(), StrictMath.max(widest, Schlather.FIELD.size())));
  }

  /// The networks of an earlier run that the chosen methods need, read before any work starts.
  private static Optional<EarlierNetworks> earlier(StudyOptions o) {
    List<NetworkMethod> methods =
        o.methods().stream()
            .map(Methods::of)
            .filter(NetworkMethod.class::isInstance)
            .map(NetworkMethod.class::cast)
            .toList();
    Optional<EarlierNetworks> earlier =
        EarlierNetworks.of(o, methods.stream().map(NetworkMethod::file).toList());
    earlier.ifPresent(e -> methods.forEach(m -> NetworkCard.read(e.file(m.file()), m)));
    return earlier;
  }

  private static void finish(Run run, List<Found> results, PrintStream out) {
    Repeats repeats = run.options.repeats() > 1 ? Repeats.of(run, results) : null;
    MspReport report = new MspReport(run, results, repeats);
    String html = HtmlReport.render(report.report());
    run.files.write("report.html", w -> w.write(html.getBytes(StandardCharsets.UTF_8)));
    if (run.test.theta() == null) {
      out.println(
          "theta is not known for these fields, so nothing is scored; draws and estimates are in "
              + run.options.out());
      out.println("\nreport: " + run.files.path("report.html"));
      return;
    }
    run.files.write("table.csv", w -> report.csv().writeTo(w));
    for (int p = 0; p < 2; p++) {
      out.println(MspReport.NAMES.get(p));
      out.print(TerminalTable.write(report.table(p, false, p == 0), 100, false));
      out.println();
    }
    report.againstPairwise().forEach(out::println);
    if (repeats != null) {
      run.files.write("repeats.csv", w -> repeats.csv().writeTo(w));
      out.println();
      out.println(
          "means over " + repeats.trainings() + " trainings, standard errors between them:");
      for (int p = 0; p < 2; p++) {
        out.println(MspReport.NAMES.get(p));
        out.print(TerminalTable.write(repeats.table(p, Method::name), 100, false));
      }
    }
    out.println();
    out.println("report: " + run.files.path("report.html"));
  }

  private static FieldFile.Fields simulated(StudyOptions o, Budget budget) {
    Schlather.Pairs p =
        Schlather.simulate(
            budget.test(), Seeds.TEST.of(o.seed()), o.threads(), o.progress(), o.cancellation());
    return new FieldFile.Fields(p.theta(), p.fields());
  }

  private static Observations micro(StudyOptions o) {
    float[] z =
        Schlather.fields(
            Run.MICRO, Seeds.MICRO.of(o.seed()), o.threads(), o.progress(), o.cancellation());
    return new Observations(Schlather.FIELD, z);
  }

  @Override
  public void sample(SampleOptions o) {
    FieldFile.Fields given = Schlather.FILE.read(o.data());
    String name = NetworkCard.method(o.network());
    o.checkDraws(given.count(), 2);
    if (!(Methods.find(name).orElse(null) instanceof DrawsMethod method)) {
      throw Failure.usage(
          o.network()
              + ": a network of method "
              + name
              + " gives no draws; expected one of fkl, nre");
    }
    Trained network = NetworkCard.read(o.network(), method);
    int cells = Budget.of(Profile.STANDARD).gridCells();
    try (Device device = Devices.open(o.device(), Runtime.getRuntime().availableProcessors())) {
      double[] draws =
          method.draws(
              network,
              device,
              given.fields(),
              o.draws(),
              cells,
              o.seed(),
              o.progress(),
              o.cancellation());
      Npy.write(o.out(), NpyArray.of(draws, given.count(), o.draws(), 2));
    }
  }

  @Override
  public void explain(String name, Device device, PrintStream out) {
    if (!(Methods.of(name) instanceof NetworkMethod method)) {
      throw Failure.usage("method " + name + " has no program: it is computed on the host");
    }
    int fields = 64;
    double[] theta = new double[2 * fields];
    for (int i = 0; i < theta.length; i++) {
      theta[i] = i % 2 == 0 ? 0.3 : 1.5;
    }
    Observations shapes =
        new Observations(Schlather.FIELD, new float[fields * Schlather.FIELD.size()]);
    Program program =
        Trainer.program(
            method.objective(),
            Training.dataset(new Schlather.Pairs(theta, shapes)),
            Training.symmetries(),
            TrainingOptions.of(budgets.apply(Profile.STANDARD).epochs(), 1));
    out.println("== one training step, batch 32");
    out.print(program);
    out.println("floating-point operations a run: " + Operations.of(program));
    try (Executable bound = device.bind(program)) {
      out.print(bound.explain());
    }
  }
}
