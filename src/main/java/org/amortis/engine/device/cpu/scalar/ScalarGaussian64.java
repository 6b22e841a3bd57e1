package org.amortis.engine.device.cpu.scalar;

import java.util.Arrays;
import java.util.List;
import org.amortis.engine.device.cpu.GaussianDensity64;
import org.amortis.engine.device.cpu.LogProduct64;
import org.amortis.engine.op.GramStructure;

/// Gaussian log-densities in plain Java, in the same order of operations as the vector kernels.
final class ScalarGaussian64 implements GaussianDensity64 {
  private static final double LOG_2PI = 1.8378770664093453;

  private final GramStructure structure;
  private final List<GramStructure.Block> blocks;

  ScalarGaussian64(GramStructure structure) {
    this.structure = structure;
    blocks = structure.blocks();
  }

  /// Working memory: one packed triangle and a vector of the largest block.
  private static final class Work implements Scratch {
    final double[] l;
    final double[] y;
    final double[] pivot;
    final LogProduct64 determinant = new LogProduct64();

    Work(int size) {
      l = new double[size * (size + 1) / 2];
      y = new double[size];
      pivot = new double[size];
    }
  }

  @Override
  public GramStructure structure() {
    return structure;
  }

  @Override
  public Scratch scratch() {
    return new Work(blocks.stream().mapToInt(GramStructure.Block::size).max().orElseThrow());
  }

  @Override
  public void logDensity(
      double[] lagValues,
      double[] projected,
      int repeat,
      double[] out,
      int from,
      int to,
      Scratch scratch) {
    double[] one = new double[1];
    for (int b = from; b < to; b++) {
      table(lagValues, b, projected, b / repeat, 1, one, (Work) scratch);
      out[b] = one[0];
    }
  }

  @Override
  public void logDensityTable(
      double[] lagValues,
      double[] projected,
      int fields,
      double[] out,
      int from,
      int to,
      int first,
      int last,
      Scratch scratch) {
    double[] row = new double[last - first];
    for (int b = from; b < to; b++) {
      table(lagValues, b, projected, first, last - first, row, (Work) scratch);
      System.arraycopy(row, 0, out, b * fields + first, last - first);
    }
  }

  /// Log-densities of `count` observations from `first` on under covariance b.
  private void table(
      double[] lagValues,
      int b,
      double[] projected,
      int first,
      int count,
      double[] out,
      Work work) {
    int n = structure.order();
    double[] values = structure.values(lagValues, b * structure.lags());
    work.determinant.clear();
    Arrays.fill(out, 0);
    int z = 0;
    for (GramStructure.Block block : blocks) {
      if (!factor(block, values, work)) {
        Arrays.fill(out, Double.NEGATIVE_INFINITY);
        return;
      }
      int s = block.size();
      for (int i = 0; i < s; i++) {
        for (int r = 0; r < block.rightHandSides(); r++) {
          work.determinant.multiply(work.pivot[i]);
        }
      }
      for (int r = 0; r < block.rightHandSides(); r++, z += s) {
        for (int f = 0; f < count; f++) {
          forward(s, work.l, projected, (first + f) * n + z, work.y);
          for (int i = 0; i < s; i++) {
            out[f] = Math.fma(work.y[i], work.y[i], out[f]);
          }
        }
      }
    }
    double logDeterminant = work.determinant.log();
    for (int f = 0; f < count; f++) {
      out[f] = -0.5 * (logDeterminant + out[f] + n * LOG_2PI);
    }
  }

  /// Fills and factors one block; false if it is not positive definite.
  private static boolean factor(GramStructure.Block block, double[] values, Work work) {
    double[] l = work.l;
    block.entries().applyInto(values, 0, l, 0);
    for (int i = 0; i < block.size(); i++) {
      int row = i * (i + 1) / 2;
      for (int j = 0; j <= i; j++) {
        int other = j * (j + 1) / 2;
        double sum = -l[row + j];
        for (int k = 0; k < j; k++) {
          sum = Math.fma(l[row + k], l[other + k], sum);
        }
        if (j < i) {
          l[row + j] = sum * (-1 / l[other + j]);
        } else if (sum < 0 && sum >= -Double.MAX_VALUE) {
          work.pivot[i] = -sum;
          l[row + i] = Math.sqrt(-sum);
        } else {
          return false;
        }
      }
    }
    return true;
  }

  /// Solves `L y = z`.
  private static void forward(int n, double[] l, double[] z, int from, double[] y) {
    for (int i = 0; i < n; i++) {
      int row = i * (i + 1) / 2;
      double sum = -z[from + i];
      for (int k = 0; k < i; k++) {
        sum = Math.fma(l[row + k], y[k], sum);
      }
      y[i] = sum * (-1 / l[row + i]);
    }
  }

  /// Solves `L^T a = y` in place.
  private static void backward(int n, double[] l, double[] y) {
    for (int i = n - 1; i >= 0; i--) {
      int row = i * (i + 1) / 2;
      y[i] /= l[row + i];
      for (int k = 0; k < i; k++) {
        y[k] = Math.fma(-l[row + k], y[i], y[k]);
      }
    }
  }

  @Override
  public void gradient(
      double[] lagValues,
      double[] projected,
      int repeat,
      double[] upstream,
      double[] byLag,
      int from,
      int to,
      Scratch scratch) {
    int m = structure.lags();
    for (int b = from; b < to; b++) {
      double[] byValue = new double[structure.values()];
      double[] values = structure.values(lagValues, b * m);
      int z = b / repeat * structure.order();
      for (GramStructure.Block block : blocks) {
        if (!factor(block, values, (Work) scratch)) {
          Arrays.fill(byValue, Double.NaN);
          break;
        }
        double[] byEntry = byEntry(block, projected, z, (Work) scratch);
        block.entries().addTransposedInto(byEntry, 0, byValue, 0);
        z += block.size() * block.rightHandSides();
      }
      Arrays.fill(byLag, b * m, b * m + m, 0);
      structure.addTransposedInto(byValue, byLag, b * m);
      for (int i = 0; i < m; i++) {
        byLag[b * m + i] *= 0.5 * upstream[b];
      }
    }
  }

  /// The packed lower triangle of `sum_r a_r a_r^T - r B^-1`, off-diagonal entries twice.
  private static double[] byEntry(GramStructure.Block block, double[] projected, int z, Work work) {
    int n = block.size();
    double[] out = new double[n * (n + 1) / 2];
    double[] unit = new double[n];
    for (int j = 0; j < n; j++) {
      unit[j] = 1;
      forward(n, work.l, unit, 0, work.y);
      unit[j] = 0;
      backward(n, work.l, work.y);
      for (int i = j; i < n; i++) {
        out[i * (i + 1) / 2 + j] -= block.rightHandSides() * work.y[i];
      }
    }
    for (int r = 0; r < block.rightHandSides(); r++) {
      forward(n, work.l, projected, z + r * n, work.y);
      backward(n, work.l, work.y);
      for (int i = 0, e = 0; i < n; i++) {
        for (int j = 0; j <= i; j++, e++) {
          out[e] = Math.fma(work.y[i], work.y[j], out[e]);
        }
      }
    }
    for (int i = 0, e = 0; i < n; i++) {
      for (int j = 0; j <= i; j++, e++) {
        out[e] *= i == j ? 1 : 2;
      }
    }
    return out;
  }

  @Override
  public void multiplyByFactor(
      double[] lagValues, double[] eta, double[] out, int from, int to, Scratch scratch) {
    if (blocks.size() > 1 || blocks.getFirst().rightHandSides() > 1) {
      throw new IllegalStateException("the factor of C needs a structure of one block");
    }
    Work work = (Work) scratch;
    int n = structure.order();
    for (int b = from; b < to; b++) {
      double[] values = structure.values(lagValues, b * structure.lags());
      boolean definite = factor(blocks.getFirst(), values, work);
      for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int k = 0; k <= i; k++) {
          sum = Math.fma(work.l[i * (i + 1) / 2 + k], eta[b * n + k], sum);
        }
        out[b * n + i] = definite ? sum : Double.NaN;
      }
    }
  }
}
