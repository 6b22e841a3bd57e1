package org.amortis.engine.op;

import java.util.Arrays;

/// A sparse linear map in compressed rows: `y_i = sum_k weight_k x_index_k`, k from rowStart_i to
/// rowStart_(i+1) - 1.
///
/// A value: the arrays are owned by the map and must not be written to. Sums run in storage order.
///
/// @param columns length of the argument
/// @param rowStart first term of each row, and the number of terms at the end; rows + 1 values
/// @param index column of each term
/// @param weight factor of each term
public record SparseMap(int columns, int[] rowStart, int[] index, double[] weight) {
  /// Checks that rows are in order and columns in range.
  ///
  /// @throws IllegalArgumentException if they are not
  public SparseMap {
    if (rowStart.length == 0
        || rowStart[0] != 0
        || rowStart[rowStart.length - 1] != index.length
        || index.length != weight.length) {
      throw new IllegalArgumentException("rows do not cover the " + index.length + " terms");
    }
    for (int i = 1; i < rowStart.length; i++) {
      if (rowStart[i] < rowStart[i - 1]) {
        throw new IllegalArgumentException("row " + (i - 1) + " ends before it starts");
      }
    }
    for (int k : index) {
      if (k < 0 || k >= columns) {
        throw new IllegalArgumentException("column " + k + " of " + columns);
      }
    }
  }

  /// The map `y_i = x_index_i`.
  public static SparseMap selection(int columns, int[] index) {
    int[] start = new int[index.length + 1];
    double[] weight = new double[index.length];
    for (int i = 0; i < index.length; i++) {
      start[i + 1] = i + 1;
      weight[i] = 1;
    }
    return new SparseMap(columns, start, index.clone(), weight);
  }

  /// Length of the result.
  public int rows() {
    return rowStart.length - 1;
  }

  /// Writes the image of x.
  ///
  /// @param x argument, `columns` values from `from` on
  /// @param y result, `rows` values from `to` on; modified
  public void applyInto(double[] x, int from, double[] y, int to) {
    for (int i = 0; i < rows(); i++) {
      double sum = 0;
      for (int k = rowStart[i]; k < rowStart[i + 1]; k++) {
        sum += weight[k] * x[from + index[k]];
      }
      y[to + i] = sum;
    }
  }

  /// Adds the image of y under the transposed map to x.
  ///
  /// @param y argument, `rows` values from `from` on
  /// @param x sum, `columns` values from `to` on; modified
  public void addTransposedInto(double[] y, int from, double[] x, int to) {
    for (int i = 0; i < rows(); i++) {
      for (int k = rowStart[i]; k < rowStart[i + 1]; k++) {
        x[to + index[k]] += weight[k] * y[from + i];
      }
    }
  }

  /// The map that applies `first` and then this one; terms of one column are added up.
  ///
  /// @throws IllegalArgumentException if `first` has fewer rows than this map has columns
  public SparseMap after(SparseMap first) {
    if (first.rows() < columns) {
      throw new IllegalArgumentException(
          "a map of " + columns + " columns after one of " + first.rows() + " rows");
    }
    Rows out = new Rows(first.columns);
    double[] sum = new double[first.columns];
    boolean[] met = new boolean[first.columns];
    int[] order = new int[first.columns];
    for (int i = 0; i < rows(); i++) {
      int count = 0;
      for (int k = rowStart[i]; k < rowStart[i + 1]; k++) {
        for (int t = first.rowStart[index[k]]; t < first.rowStart[index[k] + 1]; t++) {
          int c = first.index[t];
          if (!met[c]) {
            met[c] = true;
            order[count++] = c;
          }
          sum[c] += weight[k] * first.weight[t];
        }
      }
      for (int k = 0; k < count; k++) {
        out.term(order[k], sum[order[k]]);
        sum[order[k]] = 0;
        met[order[k]] = false;
      }
      out.end();
    }
    return out.build();
  }

  /// The rows of this map and below them those of another one of as many columns.
  ///
  /// @throws IllegalArgumentException if the numbers of columns differ
  public SparseMap above(SparseMap below) {
    if (below.columns != columns) {
      throw new IllegalArgumentException(columns + " columns above " + below.columns);
    }
    int terms = index.length;
    int[] start = Arrays.copyOf(rowStart, rowStart.length + below.rows());
    for (int i = 1; i <= below.rows(); i++) {
      start[rows() + i] = terms + below.rowStart[i];
    }
    int[] both = Arrays.copyOf(index, terms + below.index.length);
    double[] factors = Arrays.copyOf(weight, both.length);
    System.arraycopy(below.index, 0, both, terms, below.index.length);
    System.arraycopy(below.weight, 0, factors, terms, below.index.length);
    return new SparseMap(columns, start, both, factors);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SparseMap that
        && columns == that.columns
        && Arrays.equals(rowStart, that.rowStart)
        && Arrays.equals(index, that.index)
        && Arrays.equals(weight, that.weight);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * columns + Arrays.hashCode(index)) + Arrays.hashCode(weight);
  }

  /// Sizes, as programs are printed: `rows x columns, terms`.
  @Override
  public String toString() {
    return rows() + " x " + columns + " with " + index.length + " terms";
  }

  /// A builder of rows, one term at a time.
  static final class Rows {
    private final int columns;
    private int[] start = new int[16];
    private int[] index = new int[64];
    private double[] weight = new double[64];
    private int rows;
    private int terms;

    Rows(int columns) {
      this.columns = columns;
    }

    /// Adds a term to the row under construction.
    Rows term(int column, double factor) {
      if (terms == index.length) {
        index = Arrays.copyOf(index, 2 * terms);
        weight = Arrays.copyOf(weight, 2 * terms);
      }
      index[terms] = column;
      weight[terms++] = factor;
      return this;
    }

    /// Ends the row and gives its number.
    int end() {
      if (rows + 1 == start.length) {
        start = Arrays.copyOf(start, 2 * start.length);
      }
      start[++rows] = terms;
      return rows - 1;
    }

    SparseMap build() {
      return new SparseMap(
          columns,
          Arrays.copyOf(start, rows + 1),
          Arrays.copyOf(index, terms),
          Arrays.copyOf(weight, terms));
    }
  }
}
