package org.amortis.nn.train;

import java.util.LinkedHashMap;
import java.util.Map;
import org.amortis.engine.op.Cast;
import org.amortis.engine.op.Draw;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.Unary;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// The symmetries of a zero-mean isotropic field on a square lattice: 4 rotations, their
/// reflections, and the sign. Each sample is changed by one of the eight with equal probability.
///
/// @param column the images `(B, side, side, 1)`
/// @param side number of rows, and of columns
/// @param sign whether the sign is changed with probability 1/2
public record LatticeSymmetry(String column, int side, boolean sign) implements Augmentation {

  @Override
  public Map<String, Var> apply(Map<String, Var> batch, Var key) {
    Var z = batch.get(column);
    Trace t = z.trace();
    DType dtype = z.type().dtype();
    int b = z.dim(0);
    int n = side * side;
    Var u = t.one(new Draw.Uniform(dtype, Shape.of(b, 2), STREAM), key);
    Var eighths = t.one(Unary.FLOOR, u.slice(1, 0, 1).mul(8)).min(7);
    Var which = t.one(new Cast(DType.INT32), eighths).reshape(b);
    Var places = t.one(new Move.Gather(), t.table(Type.i32(8, n), table()), which);
    Var moved = t.one(new Move.Take(), z.reshape(b, n), places);
    if (sign) {
      Var flip = u.slice(1, 1, 2).less(t.scalar(0.5, dtype)).mul(-2).add(1);
      moved = moved.mul(flip);
    }
    Map<String, Var> changed = new LinkedHashMap<>(batch);
    changed.put(column, t.reshape(moved, z.shape()));
    return changed;
  }

  /// For each of the eight symmetries and each site, the site whose value moves there.
  private double[] table() {
    int n = side * side;
    double[] table = new double[8 * n];
    for (int s = 0; s < 8; s++) {
      for (int i = 0; i < side; i++) {
        for (int j = 0; j < side; j++) {
          int r = (s & 1) == 0 ? i : side - 1 - i;
          int c = (s & 2) == 0 ? j : side - 1 - j;
          table[s * n + i * side + j] = (s & 4) == 0 ? r * side + c : c * side + r;
        }
      }
    }
    return table;
  }
}
