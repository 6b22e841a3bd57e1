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

  static final int COPY = 0;
  static final int SUM = 1;
  static final int DIFFERENCE = 2;
  private static final int OTHER = 3;

  private final SparseMap map;

  /// Where the result and the two terms of each row stand, kind by kind; the second term of a copy
  /// and both of other rows are unused.
  private final int[][] terms = new int[OTHER + 1][];

  private final int[] rows;

  /// @param map the map
  /// @param place where each row goes, in values; rows with a negative place are left out
  LaneMap64(SparseMap map, int[] place) {
    this.map = map;
    int[] count = new int[OTHER + 1];
    for (int i = 0; i < map.rows(); i++) {
      if (place[i] >= 0) {
        count[kind(map, i)]++;
      }
    }
    for (int kind = 0; kind <= OTHER; kind++) {
      terms[kind] = new int[3 * count[kind]];
    }
    rows = new int[count[OTHER]];
    int[] at = new int[OTHER + 1];
    for (int i = 0; i < map.rows(); i++) {
      if (place[i] < 0) {
        continue;
      }
      int kind = kind(map, i);
      int k = at[kind]++;
      int term = map.rowStart()[i];
      terms[kind][3 * k] = ORIGIN + place[i] * L;
      if (kind == OTHER) {
        rows[k] = i;
      } else {
        terms[kind][3 * k + 1] = ORIGIN + map.index()[term] * L;
        terms[kind][3 * k + 2] = kind == COPY ? 0 : ORIGIN + map.index()[term + 1] * L;
      }
    }
  }

  static int kind(SparseMap map, int row) {
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
    copies(terms[COPY], x, y);
    sums(terms[SUM], x, y);
    differences(terms[DIFFERENCE], x, y);
    for (int k = 0; k < rows.length; k++) {
      DoubleVector sum = DoubleVector.zero(S);
      for (int t = map.rowStart()[rows[k]]; t < map.rowStart()[rows[k] + 1]; t++) {
        sum =
            sum.add(DoubleVector.fromArray(S, x, ORIGIN + map.index()[t] * L).mul(map.weight()[t]));
      }
      sum.intoArray(y, terms[OTHER][3 * k]);
    }
  }

  private static void copies(int[] at, double[] x, double[] y) {
    for (int k = 0; k < at.length; k += 3) {
      DoubleVector.fromArray(S, x, at[k + 1]).intoArray(y, at[k]);
    }
  }

  private static void sums(int[] at, double[] x, double[] y) {
    for (int k = 0; k < at.length; k += 3) {
      DoubleVector.fromArray(S, x, at[k + 1])
          .add(DoubleVector.fromArray(S, x, at[k + 2]))
          .intoArray(y, at[k]);
    }
  }

  private static void differences(int[] at, double[] x, double[] y) {
    for (int k = 0; k < at.length; k += 3) {
      DoubleVector.fromArray(S, x, at[k + 1])
          .sub(DoubleVector.fromArray(S, x, at[k + 2]))
          .intoArray(y, at[k]);
    }
  }
}
