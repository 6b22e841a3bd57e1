package org.amortis.bench.gpu;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.amortis.bench.Row;
import org.amortis.bench.Rows;
import org.amortis.bench.work.FieldChains;
import org.amortis.bench.work.FieldDensities;
import org.amortis.bench.work.FlowPosterior;
import org.amortis.bench.work.MatrixProduct;
import org.amortis.bench.work.Pairs;
import org.amortis.bench.work.PaperNetwork;
import org.amortis.bench.work.Threads;
import org.amortis.bench.work.Work;
import org.amortis.engine.Failure;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Devices;
import org.amortis.inference.Observations;
import org.amortis.studies.gp.GaussianProcess.Form;

/// The rows that `bench/gpu/README.md` lists, on any device: `--device NAME`, `--rehearse` for tiny
/// sizes, otherwise as [Rows].
public final class DeviceRows {
  private static final long WARM_UP = 1_000_000_000L;

  private final Device device;
  private final boolean rehearse;
  private FlowPosterior fields;
  private FlowPosterior moons;

  private DeviceRows(Device device, boolean rehearse) {
    this.device = device;
    this.rehearse = rehearse;
  }

  /// Runs the worker or measures the named rows.
  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    List<String> names = new ArrayList<>();
    String name = "auto";
    boolean worker = false;
    boolean rehearse = false;
    int repeats = 5;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--device" -> name = args[++i];
        case "--worker" -> worker = true;
        case "--rehearse" -> rehearse = true;
        case "--repeats" -> repeats = Integer.parseInt(args[++i]);
        default -> names.add(args[i]);
      }
    }
    try (Device device = Devices.open(name, Threads.count())) {
      List<Row> rows = of(device, rehearse);
      new Rows(device, rows, rehearse ? 0 : WARM_UP, out).serve(worker, names, repeats);
    } catch (Failure e) {
      System.err.println(e.getMessage());
      System.exit(e.kind().exitCode());
    }
  }

  /// The rows on a device, tiny ones where it is a rehearsal.
  static List<Row> of(Device device, boolean rehearse) {
    return new DeviceRows(device, rehearse).all();
  }

  private int of(int full, int tiny) {
    return rehearse ? tiny : full;
  }

  private List<Row> all() {
    List<Row> rows = new ArrayList<>();
    products(rows);
    training(rows);
    densities(rows);
    draws(rows);
    chains(rows, "mh_dense", Form.DENSE, of(240, 2));
    chains(rows, "mh_lattice", Form.LATTICE, of(FieldChains.STEPS, 4));
    chains(rows, "mh_chebyshev", Form.CHEBYSHEV, of(FieldChains.STEPS, 20));
    return rows;
  }

  /// Square products, and the shape of the comparison on processors.
  private void products(List<Row> rows) {
    for (int n : new int[] {256, 512, 1024, 2048, 4096, 8192}) {
      int m = of(n, n / 16);
      double flops = 2.0 * m * m * m;
      int count = rehearse ? 2 : (int) StrictMath.clamp(4e12 / flops, 4, 2000);
      rows.add(
          Row.rate(
              "sgemm_" + n,
              "GFLOP/s",
              1e-9 * flops * count,
              () -> new MatrixProduct(device, m, m, m, count)));
    }
  }

  private void training(List<Row> rows) {
    int n = of(PaperNetwork.FIELDS, 512);
    for (int b : new int[] {32, 128, 512}) {
      int passes = of(10, 1);
      rows.add(
          Row.rate(
              "cnn_train_" + b,
              "samples/s",
              (double) passes * n,
              () -> repeated(PaperNetwork.training(device, b, n), passes)));
    }
    rows.add(
        Row.rate(
            "npe_gp_train", "samples/s", of(FlowPosterior.FIELDS, 320), () -> fields().training()));
    rows.add(Row.rate("flow_train", "samples/s", of(9000, 1800), () -> moons().training()));
  }

  private void densities(List<Row> rows) {
    for (int n : new int[] {64, 512, 4096, 8192}) {
      int fields = of(n, n / 64);
      int passes = of(StrictMath.max(1, 4096 / n), 1);
      double count = (double) fields * passes;
      rows.add(
          Row.rate(
              "gp_loglik_" + n,
              "evaluations/s",
              count,
              () -> new FieldDensities(device, Form.DENSE, fields, passes)));
      rows.add(
          Row.rate(
              "gp_loglik_lattice_" + n,
              "evaluations/s",
              count,
              () -> new FieldDensities(device, Form.LATTICE, fields, passes)));
    }
  }

  private void draws(List<Row> rows) {
    int n = of(1000, 10);
    rows.add(
        Row.rate(
            "npe_gp_draws",
            "draws/s",
            1e3 * n,
            () -> {
              Observations observed = Pairs.fields(device, n, 3).fields();
              return fields().draws(observed, 1000);
            }));
  }

  private void chains(List<Row> rows, String name, Form form, int steps) {
    int fields = of(1000, 8);
    String all = "24,000 steps on %,d fields, ".formatted(fields);
    String note =
        all + (steps == FieldChains.STEPS ? "all of them run" : "extrapolated from " + steps);
    rows.add(
        new Row(
            name,
            "s",
            false,
            () -> new FieldChains(device, form, steps, fields),
            Work::seconds,
            note));
  }

  private FlowPosterior fields() {
    if (fields == null) {
      fields = FlowPosterior.ofFields(device, of(FlowPosterior.FIELDS, 320));
    }
    return fields;
  }

  private FlowPosterior moons() {
    return moons == null ? moons = FlowPosterior.ofMoons(device, of(10_000, 2000)) : moons;
  }

  /// Some passes as one measure: a single one is over in milliseconds.
  private static Work repeated(Work work, int passes) {
    return new Work() {
      @Override
      public double seconds() {
        double sum = 0;
        for (int i = 0; i < passes; i++) {
          sum += work.seconds();
        }
        return sum;
      }

      @Override
      public void check() {
        work.check();
      }

      @Override
      public void close() {
        work.close();
      }
    };
  }
}
