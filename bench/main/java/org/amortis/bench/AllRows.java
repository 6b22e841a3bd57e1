package org.amortis.bench;

import java.util.ArrayList;
import java.util.List;
import org.amortis.bench.work.FieldChains;
import org.amortis.bench.work.FieldDensities;
import org.amortis.bench.work.FlowPosterior;
import org.amortis.bench.work.LearnedChains;
import org.amortis.bench.work.MatrixProduct;
import org.amortis.bench.work.Pairs;
import org.amortis.bench.work.PaperNetwork;
import org.amortis.bench.work.Work;
import org.amortis.engine.device.Device;
import org.amortis.engine.shape.Shape;
import org.amortis.inference.Observations;
import org.amortis.inference.mcmc.Proposal;
import org.amortis.studies.gp.GaussianProcess.Form;

/// The rows that `bench/peers/README.md` lists, as far as we have them, and ours alone.
final class AllRows {
  /// Posteriors that several rows share.
  private static final class Shared {
    private final Device device;
    private FlowPosterior fields;
    private FlowPosterior moons;

    Shared(Device device) {
      this.device = device;
    }

    FlowPosterior fields() {
      return fields == null ? fields = FlowPosterior.ofFields(device) : fields;
    }

    FlowPosterior moons() {
      return moons == null ? moons = FlowPosterior.ofMoons(device) : moons;
    }

    Observations observed(int n) {
      return Pairs.fields(device, n, 3).fields();
    }
  }

  private AllRows() {}

  static List<Row> of(Device device) {
    Shared s = new Shared(device);
    List<Row> rows = new ArrayList<>();
    int m = 1152;
    int k = 1024;
    double work = 20 * 2e-9 * m * k * m;
    rows.add(Row.rate("sgemm", "GFLOP/s", work, () -> new MatrixProduct(device, m, k, m, 20)));
    int fields = PaperNetwork.FIELDS;
    for (int b : new int[] {32, 128, 512}) {
      rows.add(
          Row.rate("cnn_train_" + b, "samples/s", fields, () -> PaperNetwork.training(device, b)));
    }
    for (int b : new int[] {32, 512}) {
      rows.add(
          Row.rate("cnn_infer_" + b, "samples/s", fields, () -> PaperNetwork.inference(device, b)));
    }
    int n = FieldDensities.EVALUATIONS;
    rows.add(
        Row.rate(
            "gp_loglik_f64", "evaluations/s", n, () -> new FieldDensities(device, Form.DENSE)));
    rows.add(
        Row.rate(
            "gp_loglik_f64_symmetric",
            "evaluations/s",
            n,
            () -> new FieldDensities(device, Form.LATTICE)));
    rows.add(Row.rate("npe_gp_train", "samples/s", 3200, () -> s.fields().training()));
    rows.add(
        Row.rate("npe_gp_draws", "draws/s", 1e6, () -> s.fields().draws(s.observed(1000), 1000)));
    rows.add(
        new Row(
            "npe_gp_one",
            "ms",
            false,
            () -> s.fields().draws(s.observed(1), 1000),
            w -> 1e3 * fastest(w, 5),
            "fastest of five"));
    rows.add(Row.rate("flow_train", "samples/s", 9000, () -> s.moons().training()));
    Observations origin = new Observations(Shape.of(2), new float[2]);
    rows.add(Row.rate("flow_draws", "draws/s", 1e5, () -> s.moons().draws(origin, 100_000)));
    rows.add(chains(device, "mh_dense", Form.DENSE, 20));
    rows.add(chains(device, "mh_lattice", Form.LATTICE, 400));
    rows.add(chains(device, "mh_chebyshev", Form.CHEBYSHEV, FieldChains.STEPS));
    rows.add(learned(device, "mh_learned", new Proposal.RandomWalk()));
    rows.add(learned(device, "mh_learned_adapted", new Proposal.AdaptedWalk()));
    rows.add(learned(device, "mh_learned_langevin", new Proposal.Langevin()));
    return rows;
  }

  private static Row learned(Device device, String name, Proposal proposal) {
    return new Row(
        name,
        "s",
        false,
        () -> new LearnedChains(device, proposal, LearnedChains.STEPS),
        Work::seconds,
        "2,000 steps of 4 chains on 1,000 data sets, all of them run");
  }

  private static Row chains(Device device, String name, Form form, int steps) {
    String note =
        steps == FieldChains.STEPS
            ? "24,000 steps on 1,000 fields, all of them run"
            : "24,000 steps on 1,000 fields, extrapolated from " + steps;
    return new Row(
        name, "s", false, () -> new FieldChains(device, form, steps), Work::seconds, note);
  }

  private static double fastest(Work w, int of) {
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < of; i++) {
      best = StrictMath.min(best, w.seconds());
    }
    return best;
  }
}
