package org.amortis.studies.gp;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.inference.Observations;
import org.amortis.inference.diagnose.PairedBootstrap;
import org.amortis.inference.posterior.GridPosterior;
import org.amortis.io.Npy;
import org.amortis.io.NpyArray;
import org.amortis.io.Npz;
import org.amortis.nn.train.Trained;
import org.amortis.report.HtmlReport;
import org.amortis.report.ScoreTable;
import org.amortis.report.TableCsv;
import org.amortis.report.TerminalTable;
import org.amortis.studies.EarlierNetworks;
import org.amortis.studies.FieldFile;
import org.amortis.studies.RunFiles;
import org.amortis.studies.SampleOptions;
import org.amortis.studies.Study;
import org.amortis.studies.StudyFolder;
import org.amortis.studies.StudyOptions;
import org.amortis.studies.StudyOptions.Profile;

/// The Gaussian-process study: every method of the review on the same fields.
public final class GaussianProcessStudy implements Study {
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
          "gap_*.json",
          "repeats.csv",
          "repeat*_draws_*.npy",
          "repeat*_estimates_*.npy",
          "repeat*_micro_*.npy",
          "report.html");

  /// Columns of a plain terminal.
  private static final int WIDTH = 80;

  private final Function<Profile, Budget> budgets;

  /// The study with the budgets of its profiles.
  public GaussianProcessStudy() {
    this(Budget::of);
  }

  /// The study with other budgets.
  GaussianProcessStudy(Function<Profile, Budget> budgets) {
    this.budgets = budgets;
  }

  @Override
  public String name() {
    return "gp";
  }

  @Override
  public String description() {
    return "Gaussian process with one length scale: every method of the review on the same fields";
  }

  @Override
  public List<String> methods() {
    return Methods.names();
  }

  @Override
  public List<String> defaultMethods() {
    return Methods.byDefault();
  }

  @Override
  public boolean repeats() {
    return true;
  }

  @Override
  public void run(StudyOptions o, PrintStream out) {
    FieldFile.Fields given = o.data().map(GaussianProcess.FILE::read).orElse(null);
    Budget budget = budget(o, given);
    Optional<EarlierNetworks> earlier = Networks.earlier(o);
    o.checkRepeats(given, o.methods().stream().anyMatch(m -> !Methods.of(m).parts().isEmpty()));
    StudyFolder place =
        new StudyFolder(o, out, FILES, budget.json(), Seeds.json(o.seed()), earlier);
    place.run((folder, device) -> {
      FieldFile.Fields test =
          GaussianProcess.FILE.stored(
              folder, "test.npz", () -> given == null ? simulated(o, budget, device) : given);
      Run run = new Run(o, budget, new RunFiles(folder, 1), device, test, micro(o, device));
      GaussianProcess.FILE.write(folder, "micro.npz", new FieldFile.Fields(Run.MICRO, run.micro));
      List<MethodResult> results = new ArrayList<>();
      for (String method : o.methods()) {
        o.cancellation().check();
        results.add(Methods.of(method).run(run));
      }
      finish(run, results, out);
    });
  }

  private Budget budget(StudyOptions o, FieldFile.Fields given) {
    Budget budget = budgets.apply(o.profile());
    int widest = StrictMath.max(budget.draws(), budget.gridCells());
    return budget.withTest(
        o.fields(given, budget.test(), StrictMath.max(widest, GaussianProcess.FIELD.size())));
  }

  private static void finish(Run run, List<MethodResult> results, PrintStream out) {
    boolean exact = run.options.methods().contains("exact");
    GridPosterior grid = exact ? stored(run) : null;
    GpScores scores = new GpScores(run, results, grid);
    Repeats repeats = run.options.repeats() > 1 ? Repeats.of(run, scores) : null;
    PairedBootstrap.Excess summaryAlone = SummaryShare.of(run, scores);
    GpReport report = new GpReport(run, results, scores, repeats, summaryAlone);
    Effort effort = null;
    if (run.options.methods().contains("fkl") && run.options.methods().contains("mcmc")) {
      effort = Effort.of(run.budget, run.budget.epochs(), run.device);
    }
    String html =
        HtmlReport.render(report.report(effort, exact ? ExactMethod.grid(run, run.micro) : null));
    run.files.write("report.html", w -> w.write(html.getBytes(StandardCharsets.UTF_8)));
    if (run.test.theta() == null) {
      out.println(
          "theta is not known for these fields, so nothing is scored; draws are in "
              + run.options.out());
      printVerdicts(run, out);
      out.println("\nreport: " + run.files.path("report.html"));
      return;
    }
    ScoreTable table = scores.table(false, m -> m);
    run.files.write("table.csv", w -> TableCsv.of(table).writeTo(w));
    out.print(TerminalTable.write(scores.table(true, m -> m), WIDTH, false));
    out.println();
    if (repeats != null) {
      run.files.write("repeats.csv", w -> repeats.csv().writeTo(w));
      out.println(
          "means over " + repeats.trainings() + " trainings, standard errors between them:");
      out.print(TerminalTable.write(repeats.table(m -> m), WIDTH, false));
      out.println();
    }
    out.print(TerminalTable.write(scores.published(m -> m), WIDTH, false));
    if (summaryAlone != null) {
      out.println();
      out.print(Text.wrapped("rkl2: " + SummaryShare.sentence(summaryAlone), WIDTH));
    }
    printVerdicts(run, out);
    breakEven(run, out);
    out.println();
    out.println("report: " + run.files.path("report.html"));
  }

  private static void printVerdicts(Run run, PrintStream out) {
    for (String verdict : verdicts(run, m -> m)) {
      out.println();
      out.print(Text.wrapped(verdict, WIDTH));
    }
  }

  /// The verdict on the Markov chains of every method and training that has some.
  ///
  /// @param name what a method is called there
  static List<String> verdicts(Run run, UnaryOperator<String> name) {
    List<String> lines = new ArrayList<>();
    for (String method : run.options.methods()) {
      for (int k = 1; k <= run.options.repeats(); k++) {
        String chains = name.apply(method) + " chains" + (k == 1 ? " " : " of training " + k + " ");
        RunFiles files = new RunFiles(run.files.folder(), k);
        Diagnostics.line(files, method).ifPresent(line -> lines.add(chains + line));
      }
    }
    return lines;
  }

  /// Prints and records after how many fields training has paid for itself, in seconds of this run.
  private static void breakEven(Run run, PrintStream out) {
    double train = run.files.fact("fkl", "train_seconds");
    double amortized = run.files.fact("fkl", "seconds_per_field");
    double mcmc = run.files.fact("mcmc", "seconds_per_field");
    if (Double.isNaN(train) || Double.isNaN(amortized) || Double.isNaN(mcmc)) {
      return;
    }
    double fields =
        mcmc > amortized ? StrictMath.ceil(train / (mcmc - amortized)) : Double.POSITIVE_INFINITY;
    run.files.folder().record(run.files.folder().recorded().with("break_even_fields", fields));
    out.println();
    out.print(
        Text.wrapped(
            "break-even: training fkl took "
                + Text.seconds(train)
                + ", a field then "
                + Text.seconds(amortized)
                + "; MCMC (interpolated likelihood) "
                + Text.seconds(mcmc)
                + " a field: amortized inference wins after "
                + Text.count(fields)
                + " fields",
            WIDTH));
  }

  private static GridPosterior stored(Run run) {
    Npz npz = Npz.read(run.files.path("exact.npz"));
    double[][] axes = {npz.array("grid").toDoubles()};
    return new GridPosterior(axes, npz.array("log_density").toDoubles(), run.test.count());
  }

  private static FieldFile.Fields simulated(StudyOptions o, Budget budget, Device device) {
    GaussianProcess.Pairs p =
        GaussianProcess.simulate(
            budget.test(), Seeds.TEST.of(o.seed()), device, o.progress(), o.cancellation());
    return new FieldFile.Fields(p.theta(), p.fields());
  }

  private static Observations micro(StudyOptions o, Device device) {
    float[] z =
        GaussianProcess.fields(
            Run.MICRO, Seeds.MICRO.of(o.seed()), device, o.progress(), o.cancellation());
    return new Observations(GaussianProcess.FIELD, z);
  }

  @Override
  public void sample(SampleOptions o) {
    FieldFile.Fields given = GaussianProcess.FILE.read(o.data());
    String method = NetworkCard.method(o.network());
    o.checkDraws(given.count(), 1);
    if (!(Methods.find(method).orElse(null) instanceof AmortizedMethod amortized)) {
      String those =
          Methods.all().stream()
              .filter(m -> m instanceof AmortizedMethod)
              .map(Method::name)
              .collect(Collectors.joining(", "));
      throw Failure.usage(
          o.network()
              + ": a network of method "
              + method
              + " gives no draws; expected one of "
              + those);
    }
    List<Trained> networks =
        NetworkCard.read(o.network(), amortized).stream().map(Fitted::trained).toList();
    Budget budget = budgets.apply(Profile.STANDARD);
    try (Device device = Devices.open(o.device(), Runtime.getRuntime().availableProcessors());
        AmortizedMethod.Sampler sampler = amortized.sampler(networks, budget, device)) {
      double[] draws =
          sampler.sample(given.fields(), o.draws(), o.seed(), o.progress(), o.cancellation());
      Diagnostics.line(sampler.facts()).ifPresent(line -> o.progress().note("chains " + line));
      Npy.write(o.out(), NpyArray.of(draws, given.count(), o.draws()));
    }
  }

  @Override
  public void explain(String method, Device device, PrintStream out) {
    Explanation.print(method, budgets.apply(StudyOptions.Profile.STANDARD), device, out);
  }
}
