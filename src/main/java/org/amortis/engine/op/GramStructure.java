package org.amortis.engine.op;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// How a covariance matrix C (n, n) is built from a short table of covariance values c (m), and how
/// it falls apart.
///
/// An orthonormal Q, the `projection`, takes C to block-diagonal form `Q C Q^T = diag(B_1, B_1,
/// ..., B_2, ...)`; a block that stands r times is factored once and has r right-hand sides. The
/// entries of the blocks are linear in c: each stage appends its image of all values so far, and
/// `Block.entries` takes their result to the packed lower triangle. So `log N(z; 0, C) = -1/2
/// sum_blocks (r log|B| + sum_r |L_B^-1 (Q z)_r|^2) - n/2 log 2 pi`.
///
/// @param order n, the number of observations
/// @param lags m, the length of the table of covariance values
/// @param stages linear maps that append to the values the blocks are made of; may be empty
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
      width += stage.rows();
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

  /// Sizes, as programs are printed; a block of s rows that stands r times as `r x s`.
  @Override
  public String toString() {
    String sizes =
        blocks.stream()
            .map(b -> (b.rightHandSides() > 1 ? b.rightHandSides() + " x " : "") + b.size())
            .collect(Collectors.joining(", "));
    return "order "
        + order
        + ", lags "
        + lags
        + (stages.isEmpty() ? "" : ", stages (" + stages.size() + ")")
        + ", blocks ("
        + sizes
        + ")";
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
        index[k] = LatticeBlocks.lag(Math.abs(i / side - j / side), Math.abs(i % side - j % side));
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
  /// @throws IllegalArgumentException for fewer
  public static GramStructure squareLattice(int side) {
    if (side < 2) {
      throw new IllegalArgumentException("a lattice of " + side + " sites has no reflections");
    }
    return new LatticeBlocks(side).build();
  }

  /// Number of values the blocks are made of, the table included.
  public int values() {
    return lags + stages.stream().mapToInt(SparseMap::rows).sum();
  }

  /// Whether some matrix element depends on the first value of the table: then no matrix is
  /// definite where that is NaN.
  public boolean usesFirst() {
    return java.util.stream.Stream.concat(stages.stream(), blocks.stream().map(Block::entries))
        .anyMatch(map -> Arrays.stream(map.index()).anyMatch(column -> column == 0));
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
    double[] x = new double[values()];
    System.arraycopy(lagValues, from, x, 0, lags);
    int width = lags;
    for (SparseMap stage : stages) {
      stage.applyInto(x, 0, x, width);
      width += stage.rows();
    }
    return x;
  }

  /// The entries of each block as a map from the table itself, without stages; sums run in another
  /// order than those of [#values].
  public List<SparseMap> direct() {
    int[] identity = new int[lags];
    Arrays.setAll(identity, i -> i);
    SparseMap values = SparseMap.selection(lags, identity);
    for (SparseMap stage : stages) {
      values = values.above(stage.after(values));
    }
    SparseMap all = values;
    return blocks.stream().map(b -> b.entries().after(all)).toList();
  }

  /// Adds to a gradient by the table the one that belongs to a gradient by the values.
  ///
  /// @param byValue derivative by each of the values
  /// @param byLag derivative by each covariance value, m of them from `to` on; modified
  public void addTransposedInto(double[] byValue, double[] byLag, int to) {
    double[] x = byValue.clone();
    int width = x.length;
    for (SparseMap stage : stages.reversed()) {
      width -= stage.rows();
      stage.addTransposedInto(x, width, x, 0);
    }
    for (int i = 0; i < lags; i++) {
      byLag[to + i] += x[i];
    }
  }
}
