package org.amortis.engine.device.gpu;

import org.amortis.engine.op.MatMul;
import org.amortis.engine.shape.DType;

/// How a product is divided: tiles of the result, and parts of the sums over k.
///
/// A function of the shape alone, so that the order of every sum is, too.
///
/// @param tile tile of a group
/// @param parts parts of k, added in a second launch when there are several
/// @param depth extent of a part along k
record MatMulPlan(MatMulTile tile, int parts, int depth) {
  /// Multiprocessors of the card that tiles are chosen for (H100, H200).
  static final int PROCESSORS = 132;

  /// Items that keep one of them busy.
  private static final int BUSY = 256;

  /// Multiply-adds that one could do while a launch begins: about 2 microseconds.
  private static final double LAUNCH = 400_000;

  private static final int MOST_PARTS = 64;

  /// Least extent of a part: below it, adding costs as much as is won.
  private static final int LEAST_DEPTH = 128;

  /// Most elements of all partial results.
  private static final long MOST_PARTIAL = 1 << 24;

  /// Extents below which tiles would be mostly empty.
  private static final int TINY = 8;

  /// The plan for products of these extents, none of m, n and the batch empty.
  static MatMulPlan of(DType real, MatMul.Extents e) {
    long results = (long) e.batch() * e.m() * e.n();
    if (e.m() <= TINY && e.n() <= TINY && (e.k() <= 2 * LEAST_DEPTH || results >= 1 << 14)) {
      return new MatMulPlan(MatMulTile.ELEMENTS, 1, e.k());
    }
    MatMulPlan best = null;
    double least = Double.POSITIVE_INFINITY;
    for (MatMulTile t : MatMulTile.values()) {
      if (t == MatMulTile.ELEMENTS) {
        continue;
      }
      long groups = t.groups(real, e.batch(), e.m(), e.n());
      for (int parts : new int[] {1, parts(t.items(real), groups, results, e.k())}) {
        MatMulPlan plan = divided(t, real, e.k(), parts);
        double cost = plan.cost(real, groups, results);
        if (cost < least) {
          best = plan;
          least = cost;
        }
      }
    }
    return best;
  }

  /// Parts that keep every multiprocessor busy.
  private static int parts(int items, long groups, long results, int k) {
    long parts = StrictMath.min(PROCESSORS * BUSY / items / groups, k / LEAST_DEPTH);
    parts = StrictMath.min(parts, StrictMath.min(MOST_PARTS, MOST_PARTIAL / results));
    return (int) StrictMath.max(1, parts);
  }

  /// Parts of equal depth, each a whole number of tiles.
  private static MatMulPlan divided(MatMulTile t, DType real, int k, int parts) {
    if (parts == 1) {
      return new MatMulPlan(t, 1, k);
    }
    int tile = t.k(real);
    int depth = MatMulTile.ceil(MatMulTile.ceil(k, parts), tile) * tile;
    return new MatMulPlan(t, MatMulTile.ceil(k, depth), depth);
  }

  /// Estimated time of one multiprocessor, in multiply-adds at its peak rate.
  private double cost(DType real, long groups, long results) {
    // A lone group of few items leaves its multiprocessor waiting for memory.
    double rounds =
        StrictMath.max(
            (groups * parts + PROCESSORS - 1) / PROCESSORS, (double) BUSY / tile.items(real));
    double products = rounds * tile.m(real) * tile.n(real) * depth / tile.rate;
    return parts == 1 ? products : products + LAUNCH + parts * (double) results / 2;
  }
}
