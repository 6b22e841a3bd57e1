package org.amortis.engine.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntBinaryOperator;

/// How a covariance matrix C (n, n) is built from a short table of covariance values c (m), and how
/// it falls apart.
///
/// An orthonormal Q, the `projection`, takes C to block-diagonal form `Q C Q^T = diag(B_1, B_1,
/// ..., B_2, ...)`; a block that stands r times is factored once and has r right-hand sides. The
/// entries of the blocks are linear in c: `stages` are applied to c one after another, and
/// `Block.entries` takes their result to the packed lower triangle. So `log N(z; 0, C) = -1/2
/// sum_blocks (r log|B| + sum_r |L_B^-1 (Q z)_r|^2) - n/2 log 2 pi`.
///
/// @param order n, the number of observations
/// @param lags m, the length of the table of covariance values
/// @param stages linear maps from the table to the values the blocks are made of; may be empty
/// @param blocks distinct diagonal blocks
/// @param projection rows of Q in the order of the blocks, right-hand sides of one block one after
///   another
public record GramStructure(
    int order, int lags, List<SparseMap> stages, List<Block> blocks, SparseMap projection) {

  /// One distinct diagonal block.
  ///
  /// @param size rows s of the block
  /// @param rightHandSides how often the block stands on the diagonal, r
  /// @param entries map to the packed lower triangle, entry (i, j) in row i (i + 1) / 2 + j
  public record Block(int size, int rightHandSides, SparseMap entries) {
    /// Checks the sizes against each other.
    ///
    /// @throws IllegalArgumentException if they do not agree
    public Block {
      if (size < 1 || rightHandSides < 1 || entries.rows() != size * (size + 1) / 2) {
        throw new IllegalArgumentException(
            "a block of " + size + " rows cannot have " + entries.rows() + " lower entries");
      }
    }
  }

  /// Checks the sizes against each other.
  ///
  /// @throws IllegalArgumentException if they do not agree
  public GramStructure {
    stages = List.copyOf(stages);
    blocks = List.copyOf(blocks);
    int width = lags;
    for (SparseMap stage : stages) {
      if (stage.columns() != width) {
        throw new IllegalArgumentException(
            "a stage takes " + stage.columns() + " values, not " + width);
      }
      width = stage.rows();
    }
    int rows = 0;
    for (Block block : blocks) {
      if (block.entries().columns() != width) {
        throw new IllegalArgumentException(
            "a block takes " + block.entries().columns() + " values, not " + width);
      }
      rows += block.size() * block.rightHandSides();
    }
    if (rows != order || projection.rows() != order || projection.columns() != order) {
      throw new IllegalArgumentException("blocks of " + rows + " rows for order " + order);
    }
  }

  /// One dense block and the identity as projection.
  ///
  /// @param order n
  /// @param lagIndex place in the table of each lower entry, (i, j) at i (i + 1) / 2 + j
  public static GramStructure dense(int order, int[] lagIndex) {
    int lags = Arrays.stream(lagIndex).max().orElseThrow() + 1;
    int[] identity = new int[order];
    Arrays.setAll(identity, i -> i);
    return new GramStructure(
        order,
        lags,
        List.of(),
        List.of(new Block(order, 1, SparseMap.selection(lags, lagIndex))),
        SparseMap.selection(order, identity));
  }

  /// The square lattice as one dense block: the covariance of sites i and j is the table's value at
  /// their lag.
  public static GramStructure denseLattice(int side) {
    return dense(side * side, latticeLagIndex(side));
  }

  /// Distances of the distinct lags of a lattice of `side` x `side` sites on the unit square.
  ///
  /// Lag (p, q) with p at least q, in steps of 1 / (side - 1), stands at p (p + 1) / 2 + q.
  ///
  /// @return side (side + 1) / 2 distances; the first is 0
  public static double[] latticeDistances(int side) {
    double[] distances = new double[side * (side + 1) / 2];
    for (int p = 0; p < side; p++) {
      for (int q = 0; q <= p; q++) {
        distances[p * (p + 1) / 2 + q] = StrictMath.sqrt(p * p + q * q) / Math.max(1, side - 1);
      }
    }
    return distances;
  }

  /// Lag of each pair of lattice sites, packed lower triangle; site (row a, column b) is a side +
  /// b.
  public static int[] latticeLagIndex(int side) {
    int n = side * side;
    int[] index = new int[n * (n + 1) / 2];
    for (int i = 0, k = 0; i < n; i++) {
      for (int j = 0; j <= i; j++, k++) {
        index[k] = Lattice.lag(Math.abs(i / side - j / side), Math.abs(i % side - j % side));
      }
    }
    return index;
  }

  /// The square lattice split by its reflections and the swap of its axes: for 16 x 16 sites blocks
  /// of 36, 28, 36, 28 rows and one of 64 that stands twice.
  ///
  /// Exact for every covariance that depends on the lag (|dx|, |dy|) and not on the order of its
  /// two components. Any side, odd ones too.
  ///
  /// @param side sites along an axis, at least 2
  public static GramStructure squareLattice(int side) {
    if (side < 2) {
      throw new IllegalArgumentException("a lattice of " + side + " sites has no reflections");
    }
    return new Lattice(side).build();
  }

  /// Width of the values the blocks are made of.
  public int values() {
    return stages.isEmpty() ? lags : stages.getLast().rows();
  }

  /// Takes observations to the right-hand sides of the blocks: `Q z` for each row of z.
  ///
  /// @param z observations (B, n)
  /// @return right-hand sides (B, n)
  public double[] project(double[] z) {
    double[] projected = new double[z.length];
    for (int offset = 0; offset < z.length; offset += order) {
      projection.applyInto(z, offset, projected, offset);
    }
    return projected;
  }

  /// The values the blocks are made of, from one table of covariance values.
  ///
  /// @param lagValues covariance values, m of them from `from` on
  public double[] values(double[] lagValues, int from) {
    double[] x = Arrays.copyOfRange(lagValues, from, from + lags);
    for (SparseMap stage : stages) {
      double[] y = new double[stage.rows()];
      stage.applyInto(x, 0, y, 0);
      x = y;
    }
    return x;
  }

  /// Adds to a gradient by the table the one that belongs to a gradient by the values.
  ///
  /// @param byValue derivative by each of the values
  /// @param byLag derivative by each covariance value, m of them from `to` on; modified
  public void addTransposedInto(double[] byValue, double[] byLag, int to) {
    double[] y = byValue;
    for (SparseMap stage : stages.reversed()) {
      double[] x = new double[stage.columns()];
      stage.addTransposedInto(y, 0, x, 0);
      y = x;
    }
    for (int i = 0; i < lags; i++) {
      byLag[to + i] += y[i];
    }
  }

  /// Builds the structure of the square lattice.
  ///
  /// Along one axis the even functions `(e_a + e_a') / sqrt 2`, a' = side - 1 - a, and the odd ones
  /// `(e_a - e_a') / sqrt 2` are orthonormal, and the covariance of two of them at lag d on the
  /// other axis is `c(a - b, d) +- c(a' - b, d)`. Stage 1 forms these sums, stage 2 the same on the
  /// other axis; the swap then splits even-even and odd-odd into symmetric and antisymmetric halves
  /// and makes even-odd and odd-even equal.
  private static final class Lattice {
    private static final double ROOT2 = StrictMath.sqrt(2);
    private final int side;
    private final int even;
    private final int odd;

    Lattice(int side) {
      this.side = side;
      even = (side + 1) / 2;
      odd = side / 2;
    }

    static int lag(int p, int q) {
      return p >= q ? p * (p + 1) / 2 + q : q * (q + 1) / 2 + p;
    }

    private static int pair(int a, int b) {
      return lag(a, b);
    }

    private boolean middle(int a) {
      return 2 * a == side - 1;
    }

    GramStructure build() {
      int evenPairs = even * (even + 1) / 2;
      int oddPairs = odd * (odd + 1) / 2;
      SparseMap.Rows first = new SparseMap.Rows(side * (side + 1) / 2);
      axis(first, even, 1, side, Lattice::lag);
      axis(first, odd, -1, side, Lattice::lag);
      SparseMap stage1 = first.build();
      int oddAt = evenPairs * side;
      SparseMap.Rows second = new SparseMap.Rows(stage1.rows());
      for (int x = 0; x < evenPairs; x++) {
        int at = x * side;
        axis(second, even, 1, 1, (distance, d) -> at + distance);
      }
      for (int x = 0; x < oddPairs; x++) {
        int at = oddAt + x * side;
        axis(second, odd, -1, 1, (distance, d) -> at + distance);
      }
      for (int x = 0; x < evenPairs; x++) {
        int at = x * side;
        axis(second, odd, -1, 1, (distance, d) -> at + distance);
      }
      SparseMap stage2 = second.build();
      int ee = 0;
      int oo = evenPairs * evenPairs;
      int eo = oo + oddPairs * oddPairs;
      List<Block> blocks = new ArrayList<>();
      SparseMap.Rows projection = new SparseMap.Rows(side * side);
      int width = stage2.rows();
      swapped(blocks, projection, even, 1, ee, evenPairs, width);
      swapped(blocks, projection, odd, -1, oo, oddPairs, width);
      mixed(blocks, projection, eo, oddPairs, width);
      return new GramStructure(
          side * side, side * (side + 1) / 2, List.of(stage1, stage2), blocks, projection.build());
    }

    /// Rows `c(|a - b|, d) + sign c(a' - b, d)` for all a >= b, and for each d below `depth`.
    private void axis(
        SparseMap.Rows rows, int half, int sign, int depth, IntBinaryOperator column) {
      for (int a = 0; a < half; a++) {
        for (int b = 0; b <= a; b++) {
          for (int d = 0; d < depth; d++) {
            int near = column.applyAsInt(a - b, d);
            int far = column.applyAsInt(side - 1 - a - b, d);
            if (middle(a)) {
              rows.term(near, middle(b) ? 1 : ROOT2);
            } else {
              rows.term(near, 1).term(far, sign);
            }
            rows.end();
          }
        }
      }
    }

    /// Symmetric and antisymmetric half of even-even or odd-odd.
    private void swapped(
        List<Block> blocks,
        SparseMap.Rows projection,
        int half,
        int sign,
        int at,
        int pairs,
        int width) {
      for (int parity = 1; parity >= -1; parity -= 2) {
        int size = parity > 0 ? half * (half + 1) / 2 : half * (half - 1) / 2;
        if (size == 0) {
          continue;
        }
        int[] row = new int[size];
        int[] column = new int[size];
        for (int a = 0, k = 0; a < half; a++) {
          for (int b = parity > 0 ? a : a + 1; b < half; b++, k++) {
            row[k] = a;
            column[k] = b;
          }
        }
        SparseMap.Rows entries = new SparseMap.Rows(width);
        for (int i = 0; i < size; i++) {
          for (int j = 0; j <= i; j++) {
            int straight = at + pair(row[i], row[j]) * pairs + pair(column[i], column[j]);
            int crossed = at + pair(row[i], column[j]) * pairs + pair(column[i], row[j]);
            boolean iDiagonal = row[i] == column[i];
            boolean jDiagonal = row[j] == column[j];
            if (iDiagonal && jDiagonal) {
              entries.term(straight, 1);
            } else if (iDiagonal || jDiagonal) {
              entries.term(straight, ROOT2);
            } else {
              entries.term(straight, 1).term(crossed, parity);
            }
            entries.end();
          }
        }
        blocks.add(new Block(size, 1, entries.build()));
        for (int i = 0; i < size; i++) {
          if (row[i] == column[i]) {
            basis(projection, row[i], sign, column[i], sign, 1);
          } else {
            basis(projection, row[i], sign, column[i], sign, 1 / ROOT2);
            basis(projection, column[i], sign, row[i], sign, parity / ROOT2);
          }
          projection.end();
        }
      }
    }

    /// Even-odd, which the swap makes equal to odd-even.
    private void mixed(
        List<Block> blocks, SparseMap.Rows projection, int at, int pairs, int width) {
      int size = even * odd;
      SparseMap.Rows entries = new SparseMap.Rows(width);
      for (int i = 0; i < size; i++) {
        for (int j = 0; j <= i; j++) {
          entries.term(at + pair(i / odd, j / odd) * pairs + pair(i % odd, j % odd), 1).end();
        }
      }
      blocks.add(new Block(size, 2, entries.build()));
      for (int i = 0; i < size; i++) {
        basis(projection, i / odd, 1, i % odd, -1, 1);
        projection.end();
      }
      for (int i = 0; i < size; i++) {
        basis(projection, i % odd, -1, i / odd, 1, 1);
        projection.end();
      }
    }

    /// Adds the terms of `factor (e_a +- e_a') (e_b +- e_b')` over their norms to the row.
    private void basis(SparseMap.Rows rows, int a, int aSign, int b, int bSign, double factor) {
      int aTerms = middle(a) && aSign > 0 ? 1 : 2;
      int bTerms = middle(b) && bSign > 0 ? 1 : 2;
      double weight = factor / StrictMath.sqrt(aTerms * bTerms);
      for (int s = 0; s < aTerms; s++) {
        for (int t = 0; t < bTerms; t++) {
          int x = s == 0 ? a : side - 1 - a;
          int y = t == 0 ? b : side - 1 - b;
          rows.term(x * side + y, weight * (s == 0 ? 1 : aSign) * (t == 0 ? 1 : bSign));
        }
      }
    }
  }
}
