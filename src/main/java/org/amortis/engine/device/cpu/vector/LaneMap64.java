package org.amortis.engine.device.cpu.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.op.SparseMap;

/// A sparse linear map on values that stand side by side in vector lanes, its rows sorted by kind.
///
/// Most rows of a lattice's maps are copies, sums or differences of two values; those need no
/// weights.
final class LaneMap64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  /// Where the first value stands in an array. Array data starts 16 bytes into the object, so with
  /// objects on cache lines (`-XX:ObjectAlignmentInBytes=64`) no vector straddles two lines: 12 %
  /// faster. Without that option it changes nothing.
  static final int ORIGIN = 6;

  private static final int COPY = 0;
  private static final int SUM = 1;
  private static final int DIFFERENCE = 2;
  private static final int OTHER = 3;

  private final SparseMap map;
  private final int[][] target = new int[OTHER + 1][];
  private final int[][] first = new int[OTHER + 1][];
  private final int[][] second = new int[OTHER + 1][];
  private final int[] rows;

  /// @param map the map
  /// @param place where each row goes, in values
  LaneMap64(SparseMap map, int[] place) {
    this.map = map;
    int[] count = new int[OTHER + 1];
    for (int i = 0; i < map.rows(); i++) {
      count[kind(map, i)]++;
    }
    for (int kind = 0; kind <= OTHER; kind++) {
      target[kind] = new int[count[kind]];
      first[kind] = new int[count[kind]];
      second[kind] = new int[count[kind]];
    }
    rows = new int[count[OTHER]];
    int[] at = new int[OTHER + 1];
    for (int i = 0; i < map.rows(); i++) {
      int kind = kind(map, i);
      int k = at[kind]++;
      int term = map.rowStart()[i];
      target[kind][k] = ORIGIN + place[i] * L;
      if (kind == OTHER) {
        rows[k] = i;
      } else {
        first[kind][k] = ORIGIN + map.index()[term] * L;
        second[kind][k] = kind == COPY ? 0 : ORIGIN + map.index()[term + 1] * L;
      }
    }
  }

  private static int kind(SparseMap map, int row) {
    int start = map.rowStart()[row];
    int terms = map.rowStart()[row + 1] - start;
    if (terms == 0 || terms > 2 || map.weight()[start] != 1) {
      return OTHER;
    }
    if (terms == 1) {
      return COPY;
    }
    double weight = map.weight()[start + 1];
    return weight == 1 ? SUM : weight == -1 ? DIFFERENCE : OTHER;
  }

  /// Writes the image of x, both with one item a lane.
  void applyInto(double[] x, double[] y) {
    copies(target[COPY], first[COPY], x, y);
    sums(target[SUM], first[SUM], second[SUM], x, y);
    differences(target[DIFFERENCE], first[DIFFERENCE], second[DIFFERENCE], x, y);
    for (int k = 0; k < rows.length; k++) {
      DoubleVector sum = DoubleVector.zero(S);
      for (int t = map.rowStart()[rows[k]]; t < map.rowStart()[rows[k] + 1]; t++) {
        sum =
            sum.add(DoubleVector.fromArray(S, x, ORIGIN + map.index()[t] * L).mul(map.weight()[t]));
      }
      sum.intoArray(y, target[OTHER][k]);
    }
  }

  private static void copies(int[] to, int[] a, double[] x, double[] y) {
    for (int k = 0; k < to.length; k++) {
      DoubleVector.fromArray(S, x, a[k]).intoArray(y, to[k]);
    }
  }

  private static void sums(int[] to, int[] a, int[] b, double[] x, double[] y) {
    for (int k = 0; k < to.length; k++) {
      DoubleVector.fromArray(S, x, a[k])
          .add(DoubleVector.fromArray(S, x, b[k]))
          .intoArray(y, to[k]);
    }
  }

  private static void differences(int[] to, int[] a, int[] b, double[] x, double[] y) {
    for (int k = 0; k < to.length; k++) {
      DoubleVector.fromArray(S, x, a[k])
          .sub(DoubleVector.fromArray(S, x, b[k]))
          .intoArray(y, to[k]);
    }
  }
}
