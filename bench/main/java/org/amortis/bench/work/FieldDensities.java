package org.amortis.bench.work;

import java.util.SplittableRandom;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.device.reference.ReferenceDevice;
import org.amortis.engine.program.Trace;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Observations;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.studies.gp.GaussianProcess;

/// Float64 log-likelihoods of fields, each at its own length scale: matrix, factor, solve,
/// log-determinant.
///
/// The lattice form splits the same matrix by the symmetries of the square; fields are rotated into
/// its basis when they are bound, as in a chain, where they stay for thousands of evaluations.
public final class FieldDensities implements Work {
  /// Evaluations a measure.
  public static final int EVALUATIONS = 8 * 64;

  private final Device device;
  private final int passes;
  private final Runnable settle;
  private final Observations fields;
  private final GaussianProcess.Form form;
  private final Executable program;

  /// 8 passes over 64 fields.
  public FieldDensities(Device device, GaussianProcess.Form form) {
    this(device, form, 64, 8);
  }

  /// So many passes over `n` fields.
  public FieldDensities(Device device, GaussianProcess.Form form, int n, int passes) {
    this.device = device;
    this.passes = passes;
    this.settle = Work.settle(device);
    this.fields = Pairs.fields(device, n, 1).fields();
    this.form = form;
    this.program = bind(device, form, n);
  }

  /// Evaluations a measure.
  public int evaluations() {
    return passes * fields.count();
  }

  private Executable bind(Device device, GaussianProcess.Form f, int n) {
    LogLikelihood likelihood = GaussianProcess.likelihood(fields.rows(0, n), f, device);
    Trace t = new Trace("log_likelihood");
    t.output("value", likelihood.each(t.data("theta", Type.f64(n, 1)), 1));
    Executable e = device.bind(t.program());
    likelihood.bind(e);
    SplittableRandom random = new SplittableRandom(1);
    e.input("theta").write(random.doubles(n, 0.05, 0.55).toArray(), 0);
    return e;
  }

  @Override
  public double seconds() {
    return Work.time(() -> {
      program.run(passes);
      settle.run();
    });
  }

  /// Three fields against the dense form of the oracle.
  @Override
  public void check() {
    try (Executable a = bind(device, form, 3);
        Executable b = bind(new ReferenceDevice(), GaussianProcess.Form.DENSE, 3)) {
      a.run();
      b.run();
      Work.agree("log-likelihood", a.output("value").doubles(), b.output("value").doubles(), 1e-9);
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
