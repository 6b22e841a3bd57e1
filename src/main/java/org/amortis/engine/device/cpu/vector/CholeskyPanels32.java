package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Cholesky factorization in panel layout, the storage in which every operand of the register tiles
/// is contiguous.
///
/// Rows go in panels of `HEIGHT`; a panel stores its columns one after another, so that column k of
/// a panel is one or a few vectors. Panel p of a lower triangle has `HEIGHT (p + 1)` columns and
/// starts at `offset(p)`. On input the triangle holds the negated matrix, on output the factor,
/// with zeros above the diagonal. Sizes that `HEIGHT` does not divide are filled with rows of the
/// identity.
///
/// Row panels are finished one after another from top to bottom (two at a time), each reading the
/// finished ones above.
final class CholeskyPanels32 {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();
  static final int HEIGHT = Math.max(8, LANES);
  private static final int AREA = HEIGHT * HEIGHT;
  private static final int VECTORS = HEIGHT / LANES;
  private static final boolean WIDE = SPECIES.vectorBitSize() >= 512;
  private static final int WIDTH = WIDE ? 8 : 4;

  private CholeskyPanels32() {}

  static int panels(int n) {
    return (n + HEIGHT - 1) / HEIGHT;
  }

  static int padded(int n) {
    return panels(n) * HEIGHT;
  }

  static int offset(int panel) {
    return AREA * (panel * (panel + 1) / 2);
  }

  /// Place of entry (i, j) of a lower triangle.
  static int at(int i, int j) {
    return offset(i / HEIGHT) + j * HEIGHT + i % HEIGHT;
  }

  /// Length of a lower triangle of n rows.
  static int length(int n) {
    return offset(panels(n));
  }

  /// Factors `C = L L^T` and solves `L y = z`.
  ///
  /// @param n rows
  /// @param l negated lower triangle of C; becomes L
  /// @param inverse becomes the negated inverse of the diagonal of L, `padded(n)` values
  /// @param pivot becomes the squared diagonal of L, `padded(n)` values
  /// @param z negated right-hand side, `padded(n) + HEIGHT` values; the last `HEIGHT` are modified
  /// @param y becomes the solution, `padded(n)` values
  /// @return -1, or the index of the first pivot that is not positive and finite; l is then
  ///   unfinished
  static int factor(int n, float[] l, float[] inverse, float[] pivot, float[] z, float[] y) {
    int panels = panels(n);
    int first = 0;
    while (first < panels) {
      int count = (panels - first) % 2 == 0 ? 2 : 1;
      int a = offset(first);
      int b = offset(first + 1);
      rows(count, l, a, b, l, 0, first, inverse);
      int n0 = panels * HEIGHT;
      int failed;
      if (count == 2 && WIDE && HEIGHT == 8) {
        int q = first * AREA;
        int d = first * HEIGHT;
        CholeskyTileEight32.update2(l, a, b, a, q, y, z, d, n0);
        failed = CholeskyBlock32.factor(l, a + q, d, inverse, pivot, z, n0, y);
        CholeskyTileEight32.tile1(l, b, l, a, q, q, inverse, d);
      } else {
        failed = diagonal(first, n0, l, inverse, pivot, z, y);
        if (failed < 0 && count == 2) {
          rows(1, l, b, 0, l, first, first + 1, inverse);
        }
      }
      if (failed < 0 && count == 2) {
        failed = diagonal(first + 1, n0, l, inverse, pivot, z, y);
      }
      if (failed >= 0) {
        return failed;
      }
      first += count;
    }
    return -1;
  }

  /// Solves `X L^T = -X` for one or two panels of right-hand sides and some panels of columns.
  ///
  /// @param count row panels
  /// @param x negated right-hand sides in panel layout; modified
  /// @param a where the first panel starts
  /// @param b where the second panel starts, if there are two
  /// @param l factor
  /// @param from first panel of columns; those before it are solved already
  /// @param to panel of columns to stop before
  /// @param inverse negated inverse of the diagonal of L
  static void rows(
      int count, float[] x, int a, int b, float[] l, int from, int to, float[] inverse) {
    for (int panel = from; panel < to; panel++) {
      for (int part = 0; part < HEIGHT; part += WIDTH) {
        int j = offset(panel) + part;
        int d = panel * HEIGHT + part;
        int q = d * HEIGHT;
        if (WIDE) {
          if (count == 2) {
            CholeskyTileEight32.tile2(x, a, b, l, j, q, inverse, d);
          } else {
            CholeskyTileEight32.tile1(x, a, l, j, 0, q, inverse, d);
          }
        } else if (VECTORS > 1) {
          for (int v = 0; v < HEIGHT; v += 2 * LANES) {
            CholeskyTileFour32.tile2(x, a + v, a + v + LANES, l, j, q, inverse, d);
            if (count == 2) {
              CholeskyTileFour32.tile2(x, b + v, b + v + LANES, l, j, q, inverse, d);
            }
          }
        } else if (count == 2) {
          CholeskyTileFour32.tile2(x, a, b, l, j, q, inverse, d);
        } else {
          CholeskyTileFour32.tile1(x, a, l, j, 0, q, inverse, d);
        }
      }
    }
  }

  /// Writes `L eta`.
  ///
  /// @param n rows
  /// @param l factor
  /// @param eta n values
  /// @param out product, `padded(n)` values; modified
  static void multiply(int n, float[] l, float[] eta, float[] out) {
    int panels = panels(n);
    int v = 0;
    for (; v + 4 <= panels * VECTORS; v += 4) {
      FloatVector a = FloatVector.zero(SPECIES);
      FloatVector b = FloatVector.zero(SPECIES);
      FloatVector c = FloatVector.zero(SPECIES);
      FloatVector d = FloatVector.zero(SPECIES);
      int ra = row(v);
      int rb = row(v + 1);
      int rc = row(v + 2);
      int rd = row(v + 3);
      int common = Math.min(n, (v / VECTORS + 1) * HEIGHT);
      for (int k = 0; k < common; k++) {
        FloatVector e = FloatVector.broadcast(SPECIES, eta[k]);
        a = FloatVector.fromArray(SPECIES, l, ra + k * HEIGHT).fma(e, a);
        b = FloatVector.fromArray(SPECIES, l, rb + k * HEIGHT).fma(e, b);
        c = FloatVector.fromArray(SPECIES, l, rc + k * HEIGHT).fma(e, c);
        d = FloatVector.fromArray(SPECIES, l, rd + k * HEIGHT).fma(e, d);
      }
      a.intoArray(out, v * LANES);
      b.intoArray(out, (v + 1) * LANES);
      c.intoArray(out, (v + 2) * LANES);
      d.intoArray(out, (v + 3) * LANES);
      multiplyRow(v + 1, common, n, l, eta, out);
      multiplyRow(v + 2, common, n, l, eta, out);
      multiplyRow(v + 3, common, n, l, eta, out);
    }
    for (; v < panels * VECTORS; v++) {
      FloatVector.zero(SPECIES).intoArray(out, v * LANES);
      multiplyRow(v, 0, n, l, eta, out);
    }
  }

  private static int row(int v) {
    return offset(v / VECTORS) + v % VECTORS * LANES;
  }

  private static void multiplyRow(int v, int from, int n, float[] l, float[] eta, float[] out) {
    FloatVector a = FloatVector.fromArray(SPECIES, out, v * LANES);
    int r = row(v);
    int end = Math.min(n, (v / VECTORS + 1) * HEIGHT);
    for (int k = from; k < end; k++) {
      a =
          FloatVector.fromArray(SPECIES, l, r + k * HEIGHT)
              .fma(FloatVector.broadcast(SPECIES, eta[k]), a);
    }
    a.intoArray(out, v * LANES);
  }

  /// Finishes the diagonal block of a panel and its part of the right-hand side.
  private static int diagonal(
      int panel, int n, float[] l, float[] inverse, float[] pivot, float[] z, float[] y) {
    int base = offset(panel);
    int d = panel * HEIGHT;
    int end = d * HEIGHT;
    for (int part = 0; part < HEIGHT; part += WIDTH) {
      int q = end + part * HEIGHT;
      for (int v = 0; v < HEIGHT; v += LANES) {
        if (WIDE) {
          CholeskyTileEight32.update(l, base + v, l, base + part, end, q, y, z, d + v, n + v);
        } else {
          CholeskyTileFour32.update(l, base + v, l, base + part, end, q, y, z, d + v, n + v);
        }
      }
    }
    return HEIGHT == 8
        ? CholeskyBlock32.factor(l, base + end, d, inverse, pivot, z, n, y)
        : block(l, base + end, d, inverse, pivot, z, n, y);
  }

  /// Factors a block of any `HEIGHT` rows in place; `o` is where it starts, `d` its first row.
  @SuppressWarnings("cast")
  private static int block(
      float[] l, int o, int d, float[] inverse, float[] pivot, float[] z, int t, float[] y) {
    for (int c = 0; c < HEIGHT; c++) {
      int column = o + c * HEIGHT;
      float p = -l[column + c];
      if (!(p > 0 && p <= Float.MAX_VALUE)) {
        return d + c;
      }
      float root = (float) Math.sqrt(p);
      float negated = -1 / root;
      pivot[d + c] = p;
      inverse[d + c] = negated;
      float s = z[t + c] * negated;
      y[d + c] = s;
      for (int r = 0; r < c; r++) {
        l[column + r] = 0;
      }
      l[column + c] = root;
      for (int r = c + 1; r < HEIGHT; r++) {
        l[column + r] *= negated;
        z[t + r] = Math.fma(l[column + r], s, z[t + r]);
      }
      for (int k = c + 1; k < HEIGHT; k++) {
        float f = l[column + k];
        for (int r = k; r < HEIGHT; r++) {
          l[o + k * HEIGHT + r] = Math.fma(l[column + r], f, l[o + k * HEIGHT + r]);
        }
      }
    }
    return -1;
  }
}
