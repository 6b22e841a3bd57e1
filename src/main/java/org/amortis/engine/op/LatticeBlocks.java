package org.amortis.engine.op;

import java.util.ArrayList;
import java.util.List;

/// The block structure of the square lattice.
///
/// Along one axis the even functions `(e_a + e_a') / sqrt 2`, a' = side - 1 - a, and the odd ones
/// `(e_a - e_a') / sqrt 2` are orthonormal, and the covariance of two of them at lag d on the other
/// axis is `c(a - b, d) +- c(a' - b, d)`. Stage 1 forms these sums; stage 2 does the same on the
/// other axis for even-even and odd-odd, which the swap of the axes then splits into symmetric and
/// antisymmetric halves. Even-odd and odd-even are equal up to the swap.
final class LatticeBlocks {
  private static final double ROOT2 = StrictMath.sqrt(2);

  private final int side;
  private final int even;
  private final int odd;
  private final int lags;
  private final List<GramStructure.Block> blocks = new ArrayList<>();
  private final SparseMap.Rows projection;

  LatticeBlocks(int side) {
    this.side = side;
    even = (side + 1) / 2;
    odd = side / 2;
    lags = triangle(side);
    projection = new SparseMap.Rows(side * side);
  }

  private static int triangle(int n) {
    return n * (n + 1) / 2;
  }

  /// Place of an unordered pair.
  static int lag(int p, int q) {
    return triangle(Math.max(p, q)) + Math.min(p, q);
  }

  private boolean middle(int a) {
    return 2 * a == side - 1;
  }

  GramStructure build() {
    SparseMap.Rows sums = new SparseMap.Rows(lags);
    for (int sign = 1; sign >= -1; sign -= 2) {
      int half = sign > 0 ? even : odd;
      for (int a = 0; a < half; a++) {
        for (int b = 0; b <= a; b++) {
          for (int d = 0; d < side; d++) {
            fold(sums, a, b, sign, lag(a - b, d), lag(side - 1 - a - b, d));
          }
        }
      }
    }
    SparseMap stage1 = sums.build();
    int evenAt = lags;
    int oddAt = evenAt + triangle(even) * side;
    SparseMap.Rows folded = new SparseMap.Rows(lags + stage1.rows());
    foldTwice(folded, even, 1, evenAt);
    foldTwice(folded, odd, -1, oddAt);
    SparseMap stage2 = folded.build();
    int evenEven = lags + stage1.rows();
    int oddOdd = evenEven + triangle(triangle(even));
    int width = evenEven + stage2.rows();
    swapped(even, 1, evenEven, width);
    swapped(odd, -1, oddOdd, width);
    mixed(evenAt, width);
    return new GramStructure(
        side * side, lags, List.of(stage1, stage2), blocks, projection.build());
  }

  /// Adds the row of functions a >= b: the value `near` at lag a - b, `far` at lag a' - b.
  private void fold(SparseMap.Rows rows, int a, int b, int sign, int near, int far) {
    if (middle(a)) {
      rows.term(near, middle(b) ? 1 : ROOT2);
    } else {
      rows.term(near, 1).term(far, sign);
    }
    rows.end();
  }

  /// Adds the rows of both axes, each unordered pair of pairs once: the swap makes the two orders
  /// equal.
  private void foldTwice(SparseMap.Rows rows, int half, int sign, int at) {
    for (int x = 0; x < triangle(half); x++) {
      int line = at + x * side;
      for (int a = 0, y = 0; a < half; a++) {
        for (int b = 0; b <= a && y <= x; b++, y++) {
          fold(rows, a, b, sign, line + a - b, line + side - 1 - a - b);
        }
      }
    }
  }

  /// Symmetric and antisymmetric half of even-even or odd-odd.
  private void swapped(int half, int sign, int at, int width) {
    for (int parity = 1; parity >= -1; parity -= 2) {
      int size = parity > 0 ? triangle(half) : triangle(half - 1);
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
          int straight = at + lag(lag(row[i], row[j]), lag(column[i], column[j]));
          int crossed = at + lag(lag(row[i], column[j]), lag(column[i], row[j]));
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
      blocks.add(new GramStructure.Block(size, 1, entries.build()));
      for (int i = 0; i < size; i++) {
        if (row[i] == column[i]) {
          basis(row[i], sign, column[i], sign, 1);
        } else {
          basis(row[i], sign, column[i], sign, 1 / ROOT2);
          basis(column[i], sign, row[i], sign, parity / ROOT2);
        }
        projection.end();
      }
    }
  }

  /// Even-odd, which the swap makes equal to odd-even.
  private void mixed(int at, int width) {
    int size = even * odd;
    SparseMap.Rows entries = new SparseMap.Rows(width);
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        int line = at + lag(i / odd, j / odd) * side;
        int a = Math.max(i % odd, j % odd);
        int b = Math.min(i % odd, j % odd);
        fold(entries, a, b, -1, line + a - b, line + side - 1 - a - b);
      }
    }
    blocks.add(new GramStructure.Block(size, 2, entries.build()));
    for (int order = 0; order < 2; order++) {
      for (int i = 0; i < size; i++) {
        if (order == 0) {
          basis(i / odd, 1, i % odd, -1, 1);
        } else {
          basis(i % odd, -1, i / odd, 1, 1);
        }
        projection.end();
      }
    }
  }

  /// Adds the terms of `factor (e_a +- e_a') (e_b +- e_b')` over their norms to the row.
  private void basis(int a, int aSign, int b, int bSign, double factor) {
    int aTerms = middle(a) && aSign > 0 ? 1 : 2;
    int bTerms = middle(b) && bSign > 0 ? 1 : 2;
    double weight = factor / StrictMath.sqrt(aTerms * bTerms);
    for (int s = 0; s < aTerms; s++) {
      for (int t = 0; t < bTerms; t++) {
        int x = s == 0 ? a : side - 1 - a;
        int y = t == 0 ? b : side - 1 - b;
        projection.term(x * side + y, weight * (s == 0 ? 1 : aSign) * (t == 0 ? 1 : bSign));
      }
    }
  }
}
