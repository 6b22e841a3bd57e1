package org.amortis.engine.device.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.amortis.engine.op.GramStructure;
import org.amortis.io.Npy;

/// Fields of the Gaussian-process study and their log-likelihoods, written by
/// `validation/generators/gp_goldens.py` with NumPy and SciPy.
final class GaussianGoldens {
  static final double[] THETA = {0.005, 0.05, 0.1, 0.2, 0.3, 0.5, 0.6};
  static final int FIELDS = 200;
  static final int SIDE = 16;
  static final int SITES = 256;

  private GaussianGoldens() {}

  /// Fields (200, 256).
  static double[] fields() {
    try {
      return Npy.read(
              Path.of(
                  Objects.requireNonNull(
                          GaussianGoldens.class.getResource("/goldens/gp_fields.npy"))
                      .toURI()))
          .toDoubles();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Log-likelihoods (7, 200).
  static double[] logLikelihoods() throws IOException {
    return column("gp_loglik.csv");
  }

  /// `L eta` at eta_i = sin(1 + i) (7, 256).
  static double[] draws() throws IOException {
    return column("gp_draw.csv");
  }

  private static double[] column(String name) throws IOException {
    try (InputStream in = GaussianGoldens.class.getResourceAsStream("/goldens/" + name)) {
      String text =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
      return text.lines()
          .skip(1)
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(',') + 1)))
          .toArray();
    }
  }

  /// Covariances `exp(-h / theta)` at the lattice's lags (B, 136).
  static double[] covariances(int side, double... theta) {
    double[] distances = GramStructure.latticeDistances(side);
    double[] values = new double[theta.length * distances.length];
    for (int b = 0, k = 0; b < theta.length; b++) {
      for (double h : distances) {
        values[k++] = StrictMath.exp(-h / theta[b]);
      }
    }
    return values;
  }

  /// Log-densities of every item under its own observation.
  static double[] logDensity(GaussianDensity64 density, double[] lagValues, double[] projected) {
    int items = lagValues.length / density.structure().lags();
    double[] out = new double[items];
    density.logDensity(
        lagValues,
        projected,
        items / (projected.length / density.structure().order()),
        out,
        0,
        items,
        density.scratch());
    return out;
  }

  /// n values without order: the fractional parts of multiples of the golden section, centred.
  static double[] values(int n) {
    double[] z = new double[n];
    Arrays.setAll(z, i -> (i + 1) * 0.6180339887498949 % 1 - 0.5);
    return z;
  }
}
