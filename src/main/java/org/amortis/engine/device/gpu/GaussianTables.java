package org.amortis.engine.device.gpu;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.amortis.engine.op.GramStructure;
import org.amortis.engine.op.SparseMap;

/// A [GramStructure] as the tables that `kernels/gaussian.c` reads.
///
/// A block is stored as tiles of 4 x 4, those of the lower triangle row by row. Every element is a
/// sum over covariance values, term k of all elements together, so that neighbouring items read
/// neighbouring words; column -1 stands for the constant 1. Elements above the diagonal are zero,
/// those beyond the block the identity's.
///
/// @param parts blocks; one with many right-hand sides stands several times
/// @param tiles most tile rows of a block
/// @param sides most right-hand sides of a block
/// @param blocks seven words a block, see the kernel
/// @param index column of each term
/// @param weight factor of each term
record GaussianTables(
    GramStructure structure,
    int parts,
    int tiles,
    int sides,
    int[] blocks,
    int[] index,
    double[] weight) {
  /// Right-hand sides of a block that one group works on.
  private static final int MOST_SIDES = 16;

  private static final int WORDS = 7;

  /// Where the terms of each covariance value stand in the gradient: elements of the block's tiles
  /// and factors, those of value v from `start[v]` on.
  record Transposed(int[] start, int[] element, double[] factor) {}

  static int triangle(int n) {
    return n * (n + 1) / 2;
  }

  /// Place of an entry of a block in its tiles.
  private static int place(int row, int column) {
    return 16 * (triangle(row / 4) + column / 4) + row % 4 * 4 + column % 4;
  }

  private static int tiles(GramStructure.Block b) {
    return (b.size() + 3) / 4;
  }

  static GaussianTables of(GramStructure structure) {
    List<SparseMap> maps = structure.direct();
    IntStream.Builder words = IntStream.builder();
    int[] index = new int[0];
    double[] weight = new double[0];
    int column = 0;
    int parts = 0;
    for (int k = 0; k < maps.size(); k++) {
      GramStructure.Block b = structure.blocks().get(k);
      SparseMap map = maps.get(k);
      int elements = 16 * triangle(tiles(b));
      int terms = 1;
      for (int i = 0; i < map.rows(); i++) {
        terms = StrictMath.max(terms, map.rowStart()[i + 1] - map.rowStart()[i]);
      }
      int at = index.length;
      for (int done = 0; done < b.rightHandSides(); done += MOST_SIDES, parts++) {
        int sides = StrictMath.min(MOST_SIDES, b.rightHandSides() - done);
        int[] about = {b.size(), sides, tiles(b), column, at, terms, k * (structure.lags() + 1)};
        Arrays.stream(about).forEach(words);
        column += sides * b.size();
      }
      index = Arrays.copyOf(index, at + terms * elements);
      weight = Arrays.copyOf(weight, index.length);
      Arrays.fill(index, at, index.length, -1);
      for (int i = 0; i < 4 * tiles(b); i++) {
        for (int j = 0; j <= i; j++) {
          if (i < b.size()) {
            int row = triangle(i) + j;
            int to = at + place(i, j);
            for (int t = map.rowStart()[row]; t < map.rowStart()[row + 1]; t++, to += elements) {
              index[to] = map.index()[t];
              weight[to] = map.weight()[t];
            }
          } else if (i == j) {
            weight[at + place(i, j)] = 1;
          }
        }
      }
    }
    int[] blocks = words.build().toArray();
    return new GaussianTables(
        structure, parts, most(blocks, 2), most(blocks, 1), blocks, index, weight);
  }

  private static int most(int[] blocks, int word) {
    int most = 0;
    for (int i = word; i < blocks.length; i += WORDS) {
      most = StrictMath.max(most, blocks[i]);
    }
    return most;
  }

  /// The tables that take weights of the blocks' elements back to the covariance values.
  Transposed transposed() {
    List<SparseMap> maps = structure.direct();
    int lags = structure.lags();
    int[] start = new int[maps.size() * (lags + 1)];
    int total = maps.stream().mapToInt(m -> m.index().length).sum();
    int[] element = new int[total];
    double[] factor = new double[total];
    int base = 0;
    for (int k = 0; k < maps.size(); k++) {
      SparseMap map = maps.get(k);
      int at = k * (lags + 1);
      int[] next = new int[lags + 1];
      for (int c : map.index()) {
        next[c + 1]++;
      }
      next[0] = base;
      for (int v = 0; v < lags; v++) {
        next[v + 1] += next[v];
      }
      System.arraycopy(next, 0, start, at, lags + 1);
      for (int i = 0; i < structure.blocks().get(k).size(); i++) {
        for (int j = 0; j <= i; j++) {
          int row = triangle(i) + j;
          for (int t = map.rowStart()[row]; t < map.rowStart()[row + 1]; t++) {
            int to = next[map.index()[t]]++;
            element[to] = place(i, j);
            factor[to] = map.weight()[t];
          }
        }
      }
      base += map.index().length;
    }
    return new Transposed(start, element, factor);
  }
}
