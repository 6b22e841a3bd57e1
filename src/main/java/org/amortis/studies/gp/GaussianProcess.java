package org.amortis.studies.gp;

import java.util.Arrays;
import java.util.List;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.op.Draw;
import org.amortis.engine.op.GaussianField;
import org.amortis.engine.op.GramStructure;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.inference.Marginal;
import org.amortis.inference.Observations;
import org.amortis.inference.Prior;
import org.amortis.inference.likelihood.ChebyshevLikelihood;
import org.amortis.inference.likelihood.GaussianProcessLikelihood;
import org.amortis.inference.likelihood.LogLikelihood;
import org.amortis.inference.likelihood.StationaryCovariance;
import org.amortis.studies.FieldFile;

/// The model: a zero-mean Gaussian process on the lattice `linspace(0, 1, 16)^2` with covariance
/// `exp(-h / theta)` and `theta ~ U(0, 0.6)`.
///
/// Source: Zammit-Mangion, Sainsbury-Dale and Huser (2025), section 5.
public final class GaussianProcess {
  /// Sites a side.
  public static final int SIDE = 16;

  /// Upper end of the prior.
  public static final double UPPER = 0.6;

  /// Shape of one field as the networks see it.
  public static final Shape FIELD = Shape.of(SIDE, SIDE, 1);

  /// The prior.
  public static final Prior PRIOR = Prior.of(new Marginal.Uniform("theta", 0, UPPER));

  /// What files of fields hold.
  static final FieldFile FILE =
      new FieldFile(SIDE, PRIOR, "a value inside (0, 0.6)", FieldFile.Values.FINITE);

  /// Below this length scale the covariance matrix is the identity to the last bit.
  private static final double IDENTITY = 0.0015;

  /// The series of the Chebyshev form.
  static final List<ChebyshevLikelihood.Panel> PANELS =
      List.of(new ChebyshevLikelihood.Panel(IDENTITY, UPPER, 80));

  private static final int STREAM = 7;
  private static final int CHUNK = 64;

  private GaussianProcess() {}

  /// Parameters and fields.
  ///
  /// @param theta `(n,)`
  /// @param fields float32 `(n, 16, 16, 1)`
  public record Pairs(double[] theta, Observations fields) {
    /// Number of pairs.
    public int count() {
      return theta.length;
    }

    /// Pairs `[from, to)`.
    Pairs rows(int from, int to) {
      return new Pairs(Arrays.copyOfRange(theta, from, to), fields.rows(from, to));
    }
  }

  /// Draws pairs from prior and model; pair i is a function of (seed, i).
  ///
  /// @param n number of pairs
  /// @throws Cancellation.Cancelled once a stop was requested
  public static Pairs simulate(
      int n, long seed, Device device, Progress progress, Cancellation cancellation) {
    double[] theta = PRIOR.sample(seed, 0, n);
    return new Pairs(
        theta, new Observations(FIELD, fields(theta, seed, device, progress, cancellation)));
  }

  /// Fields for given parameters: `Z = L eta`, L the Cholesky factor of the covariance, computed in
  /// float64 and rounded.
  ///
  /// @param theta length scales `(n,)`, in units of the square's side
  /// @return `(n, 16, 16, 1)`
  /// @throws Cancellation.Cancelled once a stop was requested
  public static float[] fields(
      double[] theta, long seed, Device device, Progress progress, Cancellation cancellation) {
    int n = theta.length;
    int sites = SIDE * SIDE;
    float[] z = new float[n * sites];
    float[] part = new float[CHUNK * sites];
    double[] chunk = new double[CHUNK];
    progress.start("simulate", n);
    try (Executable e = device.bind(simulator())) {
      for (int from = 0; from < n; from += CHUNK) {
        cancellation.check();
        int count = StrictMath.min(CHUNK, n - from);
        java.util.Arrays.fill(chunk, 0.1);
        System.arraycopy(theta, from, chunk, 0, count);
        e.input("theta").write(chunk, 0);
        e.input("key").write((int) seed, (int) (seed >>> 32), from / CHUNK);
        e.run();
        e.output("z").read(part, 0);
        System.arraycopy(part, 0, z, from * sites, count * sites);
        progress.advance(from + count);
      }
    }
    progress.done();
    return z;
  }

  /// The program that simulates 64 fields.
  static Program simulator() {
    Trace t = new Trace("simulate");
    Var theta = t.data("theta", Type.f64(CHUNK, 1));
    Var key = t.data("key", Type.i32(3));
    Var eta = t.one(new Draw.Normal(DType.FLOAT64, Shape.of(CHUNK, SIDE * SIDE), STREAM), key);
    double[] h = GramStructure.latticeDistances(SIDE);
    Var lags = t.constant(DType.FLOAT64, Shape.of(1, h.length), h);
    Var c = StationaryCovariance.exponential().at(theta, lags);
    t.output("z", t.one(new GaussianField(GramStructure.denseLattice(SIDE)), c, eta));
    return t.program();
  }

  /// How the likelihood is computed; all forms agree to 1e-8.
  public enum Form {
    /// One dense 256 x 256 factorization: the general path.
    DENSE,
    /// Six small factorizations by the lattice's symmetries.
    LATTICE,
    /// Interpolation in log theta, with the lattice form at the nodes.
    CHEBYSHEV
  }

  /// The exact likelihood of fields, `log N(z; 0, C(theta))`.
  ///
  /// @param fields `(n, 16, 16, 1)`
  public static LogLikelihood likelihood(Observations fields, Form form, Device device) {
    return switch (form) {
      case DENSE -> exact(fields, GramStructure.denseLattice(SIDE));
      case LATTICE -> lattice(fields);
      case CHEBYSHEV -> chebyshev(fields, device);
    };
  }

  /// The exact likelihood in the lattice form.
  public static GaussianProcessLikelihood lattice(Observations fields) {
    return exact(fields, GramStructure.squareLattice(SIDE));
  }

  /// The exact likelihood in the Chebyshev form.
  public static ChebyshevLikelihood chebyshev(Observations fields, Device device) {
    return new ChebyshevLikelihood(lattice(fields), PANELS, device);
  }

  private static GaussianProcessLikelihood exact(Observations fields, GramStructure structure) {
    double[] z = new double[fields.values().length];
    for (int i = 0; i < z.length; i++) {
      z[i] = fields.values()[i];
    }
    return new GaussianProcessLikelihood(
        structure, GramStructure.latticeDistances(SIDE), StationaryCovariance.exponential(), z);
  }
}
