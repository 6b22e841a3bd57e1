package org.amortis.engine.device.cuda.emulator;

/// `mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32`: D = A B + C of a warp.
///
/// PTX leaves order and rounding of the sums open. This is a device at the lower end of what was
/// measured: four products and the sum so far are added at once, each cut to a multiple of the last
/// place of the largest of them and half of that, and the result is cut, not rounded. Source: M.
/// Fasi, N. Higham, M. Mikaitis, S. Pranesh, "Numerical behavior of NVIDIA tensor cores", PeerJ
/// Comput. Sci. 7, 2021.
final class MatrixProduct extends Step {
  private static final int BLOCK = 4;
  private static final int DEPTH = 8;

  /// Bits kept below the leading one of the largest term.
  private static final int KEPT = 24;

  private final int[] d;
  private final int[] a;
  private final int[] b;
  private final int[] c;

  MatrixProduct(int[] d, int[] a, int[] b, int[] c) {
    this.d = d;
    this.a = a;
    this.b = b;
    this.c = c;
  }

  @Override
  boolean collective() {
    return true;
  }

  @Override
  void run(Warp w) {
    if (!w.together()) {
      return;
    }
    if (w.mask != -1) {
      throw w.fault(PtxFault.Kind.DIVERGENCE, 0, "lanes of the warp are missing");
    }
    // With lane = 4 g + t: A (g, t) (g + 8, t) (g, t + 4) (g + 8, t + 4), B (t, g) (t + 4, g),
    // C (g, 2 t) (g, 2 t + 1) (g + 8, 2 t) (g + 8, 2 t + 1).
    int[] result = new int[4 * Warp.LANES];
    for (int row = 0; row < 16; row++) {
      for (int column = 0; column < 8; column++) {
        int lane = 4 * (row % 8) + column / 2;
        int part = row / 8 * 2 + column % 2;
        double sum = FloatOps.f(w.r[c[part] + lane]);
        for (int k = 0; k < DEPTH; k += BLOCK) {
          double[] terms = new double[BLOCK + 1];
          for (int i = 0; i < BLOCK; i++) {
            double x = tf32(w, a[row / 8 + 2 * ((k + i) / 4)] + 4 * (row % 8) + (k + i) % 4);
            double y = tf32(w, b[(k + i) / 4] + 4 * column + (k + i) % 4);
            terms[i] = x * y;
          }
          terms[BLOCK] = sum;
          sum = add(terms);
        }
        result[part * Warp.LANES + lane] = FloatOps.bits((float) sum);
      }
    }
    for (int part = 0; part < 4; part++) {
      System.arraycopy(result, part * Warp.LANES, w.r, d[part], Warp.LANES);
    }
  }

  /// The lower 13 bits are no part of the number; what they do is not said.
  private static double tf32(Warp w, int at) {
    if ((w.r[at] & 0x1fff) != 0) {
      throw w.fault(
          PtxFault.Kind.UNKNOWN,
          at % Warp.LANES,
          Float.intBitsToFloat(w.r[at]) + " is not a number of TF32");
    }
    return Float.intBitsToFloat(w.r[at]);
  }

  /// The sum of a few terms, a float32.
  static double add(double[] terms) {
    int largest = Integer.MIN_VALUE;
    double plain = 0;
    for (double t : terms) {
      plain += t;
      largest = t == 0 ? largest : StrictMath.max(largest, Math.getExponent(t));
    }
    if (plain != plain || Double.isInfinite(plain) || largest == Integer.MIN_VALUE) {
      return plain;
    }
    double unit = Math.scalb(1.0, StrictMath.max(largest, -126) - KEPT);
    double sum = 0;
    for (double t : terms) {
      sum += (t < 0 ? Math.ceil(t / unit) : Math.floor(t / unit)) * unit;
    }
    float rounded = (float) sum;
    if (Math.abs((double) rounded) > Math.abs(sum)) {
      rounded = rounded > 0 ? Math.nextDown(rounded) : Math.nextUp(rounded);
    }
    return rounded;
  }
}
