package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.op.SparseMap;

/// The entries of a block as sums or differences of two values, in the order of the factorization's
/// tiles, which form them in registers.
///
/// In one block all are sums or all are differences; entries of other kinds are formed beforehand
/// and stand among the values. Rows and columns beyond the size are those of the negated identity.
final class LaneEntries64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final int TILE = 4;

  /// Factor of the second terms, 1 or -1.
  final double factor;

  private final LaneMap64 others;

  /// Where the two terms of each entry stand, tile after tile, column after column in a tile.
  final int[] terms;

  /// Places among the values: those of the structure, then entries formed beforehand, then 0 and
  /// -1.
  static final class Places {
    private int width;
    private final int zero;
    private final int minusOne;

    Places(int width) {
      zero = width;
      minusOne = width + 1;
      this.width = width + 2;
    }

    /// A new array of values.
    double[] values() {
      double[] x = new double[LaneMap64.ORIGIN + width * L];
      DoubleVector.broadcast(S, -1).intoArray(x, LaneMap64.ORIGIN + minusOne * L);
      return x;
    }
  }

  LaneEntries64(SparseMap map, int size, Places places) {
    int differences = 0;
    for (int i = 0; i < map.rows(); i++) {
      differences += LaneMap64.kind(map, i) == LaneMap64.DIFFERENCE ? 1 : 0;
      differences -= LaneMap64.kind(map, i) == LaneMap64.SUM ? 1 : 0;
    }
    boolean difference = differences > 0;
    factor = difference ? -1 : 1;
    int[] a = new int[map.rows()];
    int[] b = new int[map.rows()];
    int[] place = new int[map.rows()];
    for (int i = 0; i < map.rows(); i++) {
      int kind = LaneMap64.kind(map, i);
      int start = map.rowStart()[i];
      b[i] = places.zero;
      place[i] = -1;
      if (kind == LaneMap64.COPY) {
        a[i] = map.index()[start];
      } else if (kind == (difference ? LaneMap64.DIFFERENCE : LaneMap64.SUM)) {
        a[i] = map.index()[start];
        b[i] = map.index()[start + 1];
      } else {
        place[i] = places.width++;
        a[i] = place[i];
      }
    }
    others = new LaneMap64(map, place);
    int tiles = (size + TILE - 1) / TILE;
    terms = new int[2 * TILE * TILE * start(tiles, 0)];
    for (int r = 0, t = 0; r < tiles; r++) {
      for (int c = 0; c <= r; c++) {
        for (int j = TILE * c; j < TILE * (c + 1); j++) {
          for (int i = TILE * r; i < TILE * (r + 1); i++, t += 2) {
            boolean inside = i < size && j <= i;
            int e = i * (i + 1) / 2 + j;
            terms[t] =
                LaneMap64.ORIGIN + L * (inside ? a[e] : i == j ? places.minusOne : places.zero);
            terms[t + 1] = LaneMap64.ORIGIN + L * (inside ? b[e] : places.zero);
          }
        }
      }
    }
  }

  private static int start(int row, int column) {
    return row * (row + 1) / 2 + column;
  }

  /// Place in `terms` of a tile, row and column counted in tiles.
  int at(int row, int column) {
    return 2 * TILE * TILE * start(row, column);
  }

  /// Forms the entries that are not of this block's kind.
  void prepare(double[] values) {
    others.applyInto(values, values);
  }
}
