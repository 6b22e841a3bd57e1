package org.amortis.engine.device.cpu.vector;

import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.device.cpu.GaussianDensity64;
import org.amortis.engine.device.cpu.LogProduct64;
import org.amortis.engine.op.GramStructure;

/// Gaussian log-densities on vector lanes, each block of the matrix in panel layout.
///
/// Where all blocks are small, log-densities of several items are computed side by side, one item a
/// lane.
final class VectorGaussian64 implements GaussianDensity64 {
  private static final VectorSpecies<Double> S = CholeskyPanels64.SPECIES;
  private static final int LANES = CholeskyPanels64.LANES;
  private static final int P = CholeskyPanels64.HEIGHT;
  private static final int LARGEST_IN_LANES = 96;
  private static final double LOG_2PI = 1.8378770664093453;

  private final boolean skips;
  private final GramStructure structure;
  private final List<PanelPlan64> plans;
  private final LaneGaussian64 lanes;

  VectorGaussian64(GramStructure structure) {
    this.structure = structure;
    skips = structure.usesFirst();
    plans = structure.blocks().stream().map(PanelPlan64::new).toList();
    boolean small = plans.stream().allMatch(plan -> plan.size <= LARGEST_IN_LANES);
    lanes = small ? new LaneGaussian64(structure) : null;
  }

  /// Working memory: one triangle, two row panels and some vectors of the largest block.
  private static final class Work implements Scratch {
    final double[] l;
    final double[] fill;
    final double[] inverse;
    final double[] pivot;
    final double[] z;
    final double[] y;
    final double[] rows;
    final double[] sums = new double[P];
    final LogProduct64 determinant = new LogProduct64();
    final LaneGaussian64.Work lanes;

    Work(List<PanelPlan64> plans, LaneGaussian64.Work lanes) {
      this.lanes = lanes;
      int size = plans.stream().mapToInt(p -> p.size).max().orElseThrow();
      int n = CholeskyPanels64.padded(size);
      l = new double[CholeskyPanels64.length(size)];
      fill = new double[plans.stream().mapToInt(PanelPlan64::scratchLength).max().orElseThrow()];
      inverse = new double[n];
      pivot = new double[n];
      z = new double[n + P];
      y = new double[n];
      rows = new double[2 * P * n];
    }
  }

  @Override
  public GramStructure structure() {
    return structure;
  }

  @Override
  public Scratch scratch() {
    return new Work(plans, lanes == null ? null : lanes.work());
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
    Work work = (Work) scratch;
    if (lanes != null && to - from > 2) {
      lanes.logDensity(lagValues, projected, repeat, out, from, to, work.lanes);
      return;
    }
    for (int b = from; b < to; b++) {
      double[] x = values(lagValues, b);
      int at = structure.stages().isEmpty() ? b * structure.lags() : 0;
      int z = b / repeat * structure.order();
      double quadratic = 0;
      work.determinant.clear();
      double variance = lagValues[b * structure.lags()];
      boolean definite = !skips || variance == variance;
      for (int k = 0; k < plans.size() && definite; k++) {
        PanelPlan64 plan = plans.get(k);
        definite = factor(plan, x, at, projected, z, work) < 0;
        if (definite) {
          quadratic = squares(work.y, plan.size, quadratic);
          z += plan.size;
          for (int r = 1; r < plan.rightHandSides; r++, z += plan.size) {
            solve(plan, projected, z, work);
            quadratic = squares(work.y, plan.size, quadratic);
          }
        }
      }
      out[b] = definite ? density(work.determinant.log(), quadratic) : Double.NEGATIVE_INFINITY;
    }
  }

  private double density(double logDeterminant, double quadratic) {
    return -0.5 * (logDeterminant + quadratic + structure.order() * LOG_2PI);
  }

  /// Values the blocks are made of; the table itself where there are no stages.
  private double[] values(double[] lagValues, int b) {
    return structure.stages().isEmpty()
        ? lagValues
        : structure.values(lagValues, b * structure.lags());
  }

  /// Factors a block, solves for its first right-hand side and multiplies the determinant by its
  /// pivots.
  private static int factor(
      PanelPlan64 plan, double[] x, int at, double[] projected, int z, Work work) {
    plan.fill(x, at, work.l, work.fill);
    int padded = CholeskyPanels64.padded(plan.size);
    for (int i = 0; i < plan.size; i++) {
      work.z[i] = -projected[z + i];
    }
    Arrays.fill(work.z, plan.size, padded, 0);
    int failed =
        CholeskyPanels64.factor(plan.size, work.l, work.inverse, work.pivot, work.z, work.y);
    if (failed < 0) {
      for (int i = 0; i < plan.size; i++) {
        for (int r = 0; r < plan.rightHandSides; r++) {
          work.determinant.multiply(work.pivot[i]);
        }
      }
    }
    return failed;
  }

  /// Solves for one more right-hand side.
  private static void solve(PanelPlan64 plan, double[] projected, int z, Work work) {
    int panels = CholeskyPanels64.panels(plan.size);
    Arrays.fill(work.rows, 0, P * P * panels, 0);
    for (int i = 0; i < plan.size; i++) {
      work.rows[i * P] = -projected[z + i];
    }
    CholeskyPanels64.rows(1, work.rows, 0, 0, work.l, 0, panels, work.inverse);
    for (int i = 0; i < plan.size; i++) {
      work.y[i] = work.rows[i * P];
    }
  }

  private static double squares(double[] y, int n, double sum) {
    for (int i = 0; i < n; i++) {
      sum = Math.fma(y[i], y[i], sum);
    }
    return sum;
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
    Work work = (Work) scratch;
    int m = structure.lags();
    double[] byValue = new double[structure.values()];
    for (int b = from; b < to; b++) {
      double[] x = values(lagValues, b);
      int at = structure.stages().isEmpty() ? b * m : 0;
      int z = b / repeat * structure.order();
      Arrays.fill(byValue, 0);
      Arrays.fill(byLag, b * m, b * m + m, 0);
      for (int k = 0; k < plans.size(); k++) {
        PanelPlan64 plan = plans.get(k);
        if (factor(plan, x, at, projected, z, work) >= 0) {
          Arrays.fill(byValue, Double.NaN);
          break;
        }
        double[] byEntry =
            PanelInverse64.gradient(
                plan.size, plan.rightHandSides, work.l, work.inverse, projected, z);
        structure.blocks().get(k).entries().addTransposedInto(byEntry, 0, byValue, 0);
        z += plan.size * plan.rightHandSides;
      }
      structure.addTransposedInto(byValue, byLag, b * m);
      for (int i = 0; i < m; i++) {
        byLag[b * m + i] *= 0.5 * upstream[b];
      }
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
    Work work = (Work) scratch;
    double[] quadratic = new double[last - first];
    for (int b = from; b < to; b++) {
      double[] x = values(lagValues, b);
      int at = structure.stages().isEmpty() ? b * structure.lags() : 0;
      Arrays.fill(quadratic, 0);
      work.determinant.clear();
      boolean definite = true;
      int offset = 0;
      for (int k = 0; k < plans.size() && definite; k++) {
        PanelPlan64 plan = plans.get(k);
        definite = factor(plan, x, at, projected, offset, work) < 0;
        if (definite) {
          for (int r = 0; r < plan.rightHandSides; r++, offset += plan.size) {
            for (int f = first; f < last; f += 2 * P) {
              addSquares(
                  plan,
                  projected,
                  offset,
                  f,
                  Math.min(last, f + 2 * P),
                  quadratic,
                  f - first,
                  work);
            }
          }
        }
      }
      double logDeterminant = work.determinant.log();
      for (int f = first; f < last; f++) {
        out[b * fields + f] =
            definite ? density(logDeterminant, quadratic[f - first]) : Double.NEGATIVE_INFINITY;
      }
    }
  }

  /// Solves for up to two panels of observations and adds their squared lengths to `sum` from `to`
  /// on.
  private void addSquares(
      PanelPlan64 plan,
      double[] projected,
      int z,
      int first,
      int last,
      double[] sum,
      int to,
      Work work) {
    int n = structure.order();
    int panels = CholeskyPanels64.panels(plan.size);
    int length = P * P * panels;
    int count = (last - first + P - 1) / P;
    double[] rows = work.rows;
    for (int g = 0; g < count; g++) {
      for (int r = 0; r < P; r++) {
        int f = first + g * P + r;
        int at = g * length + r;
        if (f < last) {
          for (int i = 0; i < plan.size; i++) {
            rows[at + i * P] = -projected[f * n + z + i];
          }
        } else {
          for (int i = 0; i < plan.size; i++) {
            rows[at + i * P] = 0;
          }
        }
        for (int i = plan.size; i < panels * P; i++) {
          rows[at + i * P] = 0;
        }
      }
    }
    CholeskyPanels64.rows(count, rows, 0, length, work.l, 0, panels, work.inverse);
    for (int g = 0; g < count; g++) {
      int left = Math.min(P, last - first - g * P);
      System.arraycopy(sum, to + g * P, work.sums, 0, left);
      for (int v = 0; v < P; v += LANES) {
        DoubleVector s = DoubleVector.fromArray(S, work.sums, v);
        for (int i = 0; i < plan.size; i++) {
          DoubleVector y = DoubleVector.fromArray(S, rows, g * length + i * P + v);
          s = y.fma(y, s);
        }
        s.intoArray(work.sums, v);
      }
      System.arraycopy(work.sums, 0, sum, to + g * P, left);
    }
  }

  @Override
  public void multiplyByFactor(
      double[] lagValues, double[] eta, double[] out, int from, int to, Scratch scratch) {
    if (plans.size() > 1 || plans.getFirst().rightHandSides > 1) {
      throw new IllegalStateException("the factor of C needs a structure of one block");
    }
    Work work = (Work) scratch;
    PanelPlan64 plan = plans.getFirst();
    int n = plan.size;
    for (int b = from; b < to; b++) {
      double[] x = values(lagValues, b);
      int at = structure.stages().isEmpty() ? b * structure.lags() : 0;
      if (factor(plan, x, at, eta, b * n, work) >= 0) {
        Arrays.fill(out, b * n, b * n + n, Double.NaN);
        continue;
      }
      System.arraycopy(eta, b * n, work.z, 0, n);
      CholeskyPanels64.multiply(n, work.l, work.z, work.y);
      System.arraycopy(work.y, 0, out, b * n, n);
    }
  }
}
