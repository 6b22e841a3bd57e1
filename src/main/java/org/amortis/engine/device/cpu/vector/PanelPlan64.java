package org.amortis.engine.device.cpu.vector;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.amortis.engine.op.GramStructure;

/// How the negated lower triangle of one block is written in panel layout from the structure's
/// values.
///
/// A lattice repeats itself: among the 4,224 vectors of a 256 x 256 triangle only some hundred
/// differ. The distinct ones are gathered once, then copied whole to their places.
final class PanelPlan64 {
  private static final VectorSpecies<Double> S = CholeskyPanels64.SPECIES;
  private static final int LANES = CholeskyPanels64.LANES;
  private static final int P = CholeskyPanels64.HEIGHT;

  final int size;
  final int rightHandSides;
  private final int[] start;
  private final int[] index;
  private final double[] weight;
  private final int[] member;
  private final int[] slot;

  PanelPlan64(GramStructure.Block block) {
    size = block.size();
    rightHandSides = block.rightHandSides();
    var entries = block.entries();
    Map<List<Object>, Integer> rows = new HashMap<>();
    List<Integer> first = new ArrayList<>();
    int[] value = new int[entries.rows()];
    for (int e = 0; e < value.length; e++) {
      List<Object> row = new ArrayList<>();
      for (int k = entries.rowStart()[e]; k < entries.rowStart()[e + 1]; k++) {
        row.add(entries.index()[k]);
        row.add(entries.weight()[k]);
      }
      Integer known = rows.putIfAbsent(row, first.size());
      value[e] = known == null ? first.size() : known;
      if (known == null) {
        first.add(e);
      }
    }
    int distinct = first.size();
    start = new int[distinct + 1];
    for (int v = 0; v < distinct; v++) {
      int e = first.get(v);
      start[v + 1] = start[v] + entries.rowStart()[e + 1] - entries.rowStart()[e];
    }
    index = new int[start[distinct]];
    weight = new double[start[distinct]];
    for (int v = 0; v < distinct; v++) {
      int at = entries.rowStart()[first.get(v)];
      System.arraycopy(entries.index(), at, index, start[v], start[v + 1] - start[v]);
      System.arraycopy(entries.weight(), at, weight, start[v], start[v + 1] - start[v]);
    }
    slot = new int[CholeskyPanels64.length(size) / LANES];
    Map<List<Integer>, Integer> vectors = new HashMap<>();
    List<List<Integer>> members = new ArrayList<>();
    int t = 0;
    for (int panel = 0; panel < CholeskyPanels64.panels(size); panel++) {
      for (int j = 0; j < (panel + 1) * P; j++) {
        for (int v = 0; v < P; v += LANES) {
          List<Integer> key = new ArrayList<>();
          for (int lane = 0; lane < LANES; lane++) {
            key.add(valueAt(value, distinct, panel * P + v + lane, j));
          }
          Integer known = vectors.putIfAbsent(key, members.size());
          slot[t++] = (known == null ? members.size() : known) * LANES;
          if (known == null) {
            members.add(key);
          }
        }
      }
    }
    member = members.stream().flatMap(List::stream).mapToInt(i -> i).toArray();
  }

  /// Value of entry (i, j); beyond the block the identity.
  private int valueAt(int[] value, int zero, int i, int j) {
    int row = Math.max(i, j);
    int column = Math.min(i, j);
    if (row >= size) {
      return row == column ? zero + 1 : zero;
    }
    return value[row * (row + 1) / 2 + column];
  }

  /// Length of the working memory of `fill`.
  int scratchLength() {
    return start.length + 1 + member.length;
  }

  /// Number of distinct entries of the block.
  int distinct() {
    return start.length - 1;
  }

  /// Writes the negated lower triangle.
  ///
  /// @param x the structure's values, from `from` on
  /// @param l triangle in panel layout; modified
  /// @param work working memory; modified
  void fill(double[] x, int from, double[] l, double[] work) {
    int distinct = start.length - 1;
    for (int v = 0; v < distinct; v++) {
      double sum = 0;
      for (int k = start[v]; k < start[v + 1]; k++) {
        sum += weight[k] * x[from + index[k]];
      }
      work[v] = -sum;
    }
    work[distinct] = 0;
    work[distinct + 1] = -1;
    int base = distinct + 2;
    for (int k = 0; k < member.length; k++) {
      work[base + k] = work[member[k]];
    }
    for (int t = 0, to = 0; t < slot.length; t++, to += LANES) {
      DoubleVector.fromArray(S, work, base + slot[t]).intoArray(l, to);
    }
  }
}
