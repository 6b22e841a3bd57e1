package org.amortis.bench.lab;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.amortis.bench.work.Threads;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.GpuDevice;
import org.amortis.engine.device.gpu.KernelSource;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.io.Json;

/// Runs experiments on one device: each right at every launch size, then timed.
///
/// Bytes are those of operands and results, operations those of
/// [org.amortis.engine.plan.Operations]; both are set against the device's peak, which two kernels
/// of the laboratory measure. Model: llm.c, dev/cuda.
public final class Laboratory {
  private final Driver driver;
  private final boolean gpu;
  private final Settings settings;
  private final PrintStream out;
  private final List<Row> rows = new ArrayList<>();
  private Peak peak;

  /// A laboratory on a device, which stays the caller's.
  ///
  /// @param gpu whether times on it say anything about speed
  public Laboratory(Driver driver, boolean gpu, Settings settings, PrintStream out) {
    this.driver = driver;
    this.gpu = gpu;
    this.settings = settings;
    this.out = out;
  }

  /// All experiments, family by family.
  static List<Experiment> experiments() {
    List<Experiment> all = new ArrayList<>();
    ElementExperiments.addTo(all);
    ProductExperiments.addTo(all);
    DensityExperiments.addTo(all);
    all.sort(java.util.Comparator.comparing(Experiment::family));
    return all;
  }

  private boolean timed() {
    return settings.repetitions() > 0;
  }

  /// Runs everything the settings ask for.
  ///
  /// @return whether all results were right
  public boolean run() {
    out.println(driver.describe());
    if (!gpu && timed()) {
      out.println("This device is no GPU: its figures are no claims about speed.");
    }
    Stopwatch watch = new Stopwatch(driver, settings.repetitions(), settings.seconds());
    if (timed()) {
      peak = Peak.of(driver, watch, gpu);
      out.printf(
          Locale.ROOT,
          "peak: %.1f GB/s copied, %.1f GFLOP/s float32, %.1f GFLOP/s float64%n",
          1e-9 * peak.bandwidth(),
          1e-9 * peak.single(),
          1e-9 * peak.wide());
    }
    out.println(Row.heading());
    ChangedGrids grids = new ChangedGrids(driver);
    Set<String> entries = new TreeSet<>();
    Set<String> families = new TreeSet<>();
    ChangedGrids own = new ChangedGrids(driver);
    try (Trial trial = new Trial(grids);
        Device cpu = Threads.device();
        Device device = new GpuDevice(own)) {
      for (Experiment x : experiments()) {
        if (settings.wants(x.family())) {
          grids.forget();
          own.join(x.joined());
          Row row = row(x, trial, watch, cpu, device);
          rows.add(row);
          out.println(row.line(peak));
          entries.addAll(grids.launched);
          grids.launched.stream()
              .filter(n -> n.startsWith(x.family() + "_"))
              .findAny()
              .ifPresent(n -> families.add(x.family()));
        }
      }
    }
    return closing(families, entries);
  }

  private boolean closing(Set<String> families, Set<String> entries) {
    for (String family : families) {
      Set<String> never = new TreeSet<>(KernelSource.of(family).entries().keySet());
      never.removeAll(entries);
      if (!never.isEmpty()) {
        out.println("never launched: " + String.join(", ", never));
      }
    }
    int sizes = rows.stream().mapToInt(r -> r.small().sizes()).sum();
    long wrong = rows.stream().filter(r -> r.fault() != null).count();
    out.printf("%d experiments, %d launch sizes checked, %d wrong%n", rows.size(), sizes, wrong);
    return wrong == 0;
  }

  private Row row(Experiment x, Trial trial, Stopwatch watch, Device cpu, Device device) {
    try {
      Trial.Verdict small = trial.everywhere(x);
      if (!small.right() || !timed() || x.onGpu() && !gpu) {
        return new Row(x, small, null, null, Double.NaN);
      }
      Task t = settings.small() ? x.small().get() : x.full().get();
      try (Executable e = t.bind(device)) {
        e.run();
        Trial.Verdict full = Trial.near(t, t.results(e), expected(t, cpu), x.ulps());
        double seconds = full.right() ? watch.median(e::run) : Double.NaN;
        return new Row(x, small, full, t, seconds);
      }
    } catch (UnsupportedOperationException | Failure e) {
      Trial.Verdict none = new Trial.Verdict(0, Double.NaN, e.getMessage());
      return new Row(x, none, null, null, Double.NaN);
    }
  }

  /// The cpu device decides about full cases, the oracle where it knows no kernel.
  private static List<double[]> expected(Task t, Device cpu) {
    try {
      return t.run(cpu);
    } catch (UnsupportedOperationException e) {
      try (Device oracle = new ReferenceDevice()) {
        return t.run(oracle);
      }
    }
  }

  /// Everything that was printed, for programs.
  public Json json() {
    Json.Obj o = Json.Obj.empty().with("device", driver.describe()).with("gpu", gpu);
    if (peak != null) {
      o =
          o.with("peak_bytes_per_second", peak.bandwidth())
              .with("peak_float32_per_second", peak.single())
              .with("peak_float64_per_second", peak.wide());
    }
    return o.with("rows", new Json.Arr(rows.stream().map(r -> r.json(peak)).toList()));
  }

  /// Runs the laboratory; see `bench/README.md`.
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    int code;
    try {
      code = Options.parse(args).run(out);
    } catch (Failure e) {
      System.err.println(e.getMessage() + e.advice().map(a -> "; " + a).orElse(""));
      code = e.kind().exitCode();
    }
    System.exit(code);
  }

  /// Writes the results as JSON.
  void write(Path file) {
    try {
      Files.writeString(file, json().pretty());
    } catch (IOException e) {
      throw Failure.storage(file + ": " + e.getMessage()).causedBy(e);
    }
  }
}
