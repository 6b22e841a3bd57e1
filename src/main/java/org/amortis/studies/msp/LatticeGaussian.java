package org.amortis.studies.msp;

import org.amortis.engine.math.Bessel;

/// Standard Gaussian fields with Whittle-Matern correlation on the 16 x 16 lattice, many at a time.
///
/// The two reflections of the lattice leave the correlation unchanged, so an orthonormal change of
/// basis splits the 256 x 256 matrix into four blocks of 64 x 64, one for each pair of parities:
/// sixteen times less work to factor and four times less to multiply. Everything is float64: at
/// `(0.6, 3)` the smallest eigenvalue is 2e-9.
///
/// An object holds the buffers of one thread.
final class LatticeGaussian {
  private static final int SIDE = Schlather.SIDE;
  private static final int SITES = SIDE * SIDE;
  private static final int HALF = SIDE / 2;
  private static final int BLOCK = HALF * HALF;

  private final int fields;
  private final double[] correlation = new double[SITES];
  private final double[][] factors = new double[4][BLOCK * BLOCK];
  private final double[][] parts;

  /// @param fields number of fields made by one call of [#fieldsInto], a multiple of 4
  LatticeGaussian(int fields) {
    this.fields = fields;
    this.parts = new double[4][BLOCK * fields];
  }

  /// Sets the correlation function and factors its matrix.
  ///
  /// @param lambda length scale
  /// @param k smoothness
  void set(double lambda, double k) {
    for (int dx = 0; dx < SIDE; dx++) {
      for (int dy = 0; dy <= dx; dy++) {
        double h = Math.sqrt(dx * dx + dy * dy) / (SIDE - 1);
        double rho = Bessel.matern(k, h / lambda);
        correlation[dx * SIDE + dy] = rho;
        correlation[dy * SIDE + dx] = rho;
      }
    }
    for (int b = 0; b < 4; b++) {
      block(b, factors[b]);
      factor(factors[b]);
    }
  }

  /// Correlation at dx rows and dy columns apart.
  double correlation(int dx, int dy) {
    return correlation[dx * SIDE + dy];
  }

  /// Block b = 2 [odd in rows] + [odd in columns].
  private void block(int b, double[] a) {
    double rows = (b & 2) == 0 ? 1 : -1;
    double columns = (b & 1) == 0 ? 1 : -1;
    for (int p = 0; p < BLOCK; p++) {
      for (int q = 0; q <= p; q++) {
        int dx = Math.abs(p / HALF - q / HALF) * SIDE;
        int dy = Math.abs(p % HALF - q % HALF);
        int rx = (SIDE - 1 - p / HALF - q / HALF) * SIDE;
        int ry = SIDE - 1 - p % HALF - q % HALF;
        a[q * BLOCK + p] =
            correlation[dx + dy]
                + rows * correlation[rx + dy]
                + columns * (correlation[dx + ry] + rows * correlation[rx + ry]);
      }
    }
  }

  /// Cholesky factorization in place: upper triangle in, `U` with `A = U' U` out; row k of U is
  /// column k of L.
  private static void factor(double[] a) {
    for (int k = 0; k < BLOCK; k++) {
      int row = k * BLOCK;
      double pivot = a[row + k];
      if (!(pivot > 0)) {
        throw new ArithmeticException("correlation matrix is not positive definite");
      }
      double scale = 1 / Math.sqrt(pivot);
      for (int j = k; j < BLOCK; j++) {
        a[row + j] *= scale;
      }
      for (int i = k + 1; i < BLOCK; i++) {
        double f = a[row + i];
        int target = i * BLOCK;
        for (int j = i; j < BLOCK; j++) {
          a[target + j] -= f * a[row + j];
        }
      }
    }
  }

  /// Writes fields made of standard normals.
  ///
  /// @param normals `(256, fields)`
  /// @param out `(fields, 256)`, sites row by row
  void fieldsInto(double[] normals, double[] out) {
    for (int b = 0; b < 4; b++) {
      multiply(factors[b], normals, b * BLOCK * fields, parts[b]);
    }
    double[] ee = parts[0];
    double[] eo = parts[1];
    double[] oe = parts[2];
    double[] oo = parts[3];
    for (int q = 0; q < BLOCK; q++) {
      int top = q / HALF * SIDE;
      int bottom = (SIDE - 1) * SIDE - top;
      int left = q % HALF;
      int right = SIDE - 1 - left;
      for (int f = 0; f < fields; f++) {
        int at = q * fields + f;
        double upper = ee[at] + oe[at];
        double lower = ee[at] - oe[at];
        double upperOdd = eo[at] + oo[at];
        double lowerOdd = eo[at] - oo[at];
        int to = f * SITES;
        out[to + top + left] = 0.5 * (upper + upperOdd);
        out[to + top + right] = 0.5 * (upper - upperOdd);
        out[to + bottom + left] = 0.5 * (lower + lowerOdd);
        out[to + bottom + right] = 0.5 * (lower - lowerOdd);
      }
    }
  }

  /// `out = U' normals` for one block, four columns of L at a time.
  private void multiply(double[] u, double[] normals, int from, double[] out) {
    int n = fields;
    for (int i = 0; i < BLOCK; i++) {
      int row = i * n;
      for (int f = 0; f < n; f++) {
        out[row + f] = 0;
      }
      // Entries of U below its diagonal are 0, so the last four may reach beyond column i.
      for (int k = 0; k <= i; k += 4) {
        double a = u[k * BLOCK + i];
        double b = k + 1 <= i ? u[(k + 1) * BLOCK + i] : 0;
        double c = k + 2 <= i ? u[(k + 2) * BLOCK + i] : 0;
        double d = k + 3 <= i ? u[(k + 3) * BLOCK + i] : 0;
        int e = from + k * n;
        for (int f = 0; f < n; f++) {
          out[row + f] +=
              a * normals[e + f]
                  + b * normals[e + n + f]
                  + (c * normals[e + 2 * n + f] + d * normals[e + 3 * n + f]);
        }
      }
    }
  }
}
