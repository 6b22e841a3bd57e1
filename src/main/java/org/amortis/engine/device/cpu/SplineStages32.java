package org.amortis.engine.device.cpu;

/// The stages of the spline kernels on a tile of at most 64 elements, one element a column.
///
/// A tile is two arrays: `p`, `3 K - 1` rows of `t` columns (raw parameters, then softmax shares,
/// then gradients), and `s`, one row of `t` for each constant below. `t` is a multiple of
/// [#lanes()]. Every column is computed by itself, by the same operations in the same order
/// whatever the implementation, fused multiply-adds included; columns past the last element hold
/// what was there and are never stored.
///
/// Formulas and their names as in [org.amortis.engine.math.Spline], with these forms that do not
/// cancel: `D = (d0 + d1) p + delta (t^2 + (1 - t)^2)`, `dy/ddelta = h p (d1 t^2 - d0 (1 - t)^2) /
/// D^2`, `dy/dd0 = h p (delta (1 - t)^2 + d1 p) / D^2`, `dy/dd1 = -h p N / D^2`.
public abstract class SplineStages32 {
  /// Most columns of a tile.
  protected static final int COLUMNS = 64;

  /// Row of the value to transform.
  protected static final int IN = 0;

  /// Rows of the bin: left and lower knot, extent, derivatives at its ends, index.
  protected static final int LEFT = 1;

  protected static final int WIDTH = 2;
  protected static final int BOTTOM = 3;
  protected static final int HEIGHT = 4;
  protected static final int D0 = 5;
  protected static final int D1 = 6;
  protected static final int BIN = 7;

  /// Row of the place within the bin, from 0 to 1.
  protected static final int PLACE = 8;

  /// Rows of the results.
  protected static final int OUT = 9;

  protected static final int LADJ = 10;

  /// Rows of the logistic functions of the raw end derivatives, 0 at the ends of the interval.
  protected static final int SIGMA0 = 11;

  protected static final int SIGMA1 = 12;

  /// Rows of `dL/dvalue` and `dL/dladj` of the forward map.
  protected static final int GOUT = 13;

  protected static final int GLADJ = 14;

  /// Rows of the slope `dy/dx` and of `d ladj/dx`.
  protected static final int SLOPE = 15;

  protected static final int BEND = 16;

  /// Rows of the gradients in the input and in the quantities of the bin.
  protected static final int GIN = 17;

  protected static final int GLEFT = 18;
  protected static final int GWIDTH = 19;
  protected static final int GHEIGHT = 20;
  protected static final int GD0 = 21;
  protected static final int GD1 = 22;

  protected static final int VALUE_ROWS = SIGMA1 + 1;
  protected static final int ALL_ROWS = GD1 + 1;

  /// Columns are computed in multiples of this.
  protected abstract int lanes();

  /// Subtracts the largest of the `bins` rows of `p` from offset `at` on from each of them.
  protected abstract void centre(float[] p, int at, int bins, int t);

  /// Divides the `bins` rows of `p` from offset `at` on by their sum.
  protected abstract void normalise(float[] p, int at, int bins, int t);

  /// Finds the bin of every column by its knots along `keyAt`, the offset of those shares in `p`.
  ///
  /// Writes the left knot and extent along the key to rows `keyRow` and `keyRow + 1`, those along
  /// the other axis to `otherRow` and `otherRow + 1`, raw derivatives to D0 and D1, and the index
  /// to BIN.
  protected abstract void select(
      Axis key, Axis other, int bins, float edge, float[] p, int derivativeAt, float[] s, int t);

  /// Adds `least` to D0 and D1, and sets them to 1, SIGMA0 and SIGMA1 to 0, at the ends of the
  /// interval.
  protected abstract void ends(int bins, float least, float[] s, int t);

  /// As [#select] from one table of 6 rows of `bins` finished numbers: LEFT to D1.
  protected abstract void lookup(float[] table, int bins, int keyRow, float[] s, int t);

  /// PLACE of the value on the x axis.
  protected abstract void place(float[] s, int t);

  /// PLACE of the value on the y axis, a root of the quadratic.
  protected abstract void solve(float[] s, int t);

  /// OUT of the forward map, and `exp(ladj)` to LADJ.
  protected abstract void forwardValues(float bound, float[] s, int t);

  /// OUT of the inverse map, and `exp(ladj)` to LADJ.
  protected abstract void inverseValues(float bound, float[] s, int t);

  /// SLOPE and BEND.
  protected abstract void slopes(float[] s, int t);

  /// Turns GOUT and GLADJ of the inverse map into those of the forward map: `-m` and `-GLADJ`.
  protected abstract void implicit(float bound, float[] s, int t);

  /// GIN to GD1 from GOUT and GLADJ.
  protected abstract void gradients(float bound, float[] s, int t);

  /// Turns shares and gradients of the bin into gradients of the raw parameters, in place in `p`.
  protected abstract void spread(Axis width, Axis height, int bins, float[] p, float[] s, int t);

  /// One axis: where its shares lie in the parameter tile, its row of the state, `size = share
  /// scale + least`.
  public record Axis(int at, int row, float scale, float least) {}
}
