package org.amortis.engine.op;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Operand types that are likely wrong: one change at a time to types that are right.
final class BadTypes {
  private BadTypes() {}

  static List<List<Type>> of(List<Type> good) {
    List<List<Type>> all = new ArrayList<>();
    all.add(good.stream().map(t -> new Type(DType.INT32, t.shape())).toList());
    for (int i = 0; i < good.size(); i++) {
      Type t = good.get(i);
      List<Type> changed = new ArrayList<>();
      for (DType d : DType.values()) {
        if (d != t.dtype()) {
          changed.add(new Type(d, t.shape()));
        }
      }
      changed.add(t.with(Shape.SCALAR));
      changed.add(t.with(t.shape().append(2)));
      changed.add(t.with(Shape.of(3).append(t.shape().dims())));
      for (int axis = 0; axis < t.shape().rank(); axis++) {
        changed.add(t.with(t.shape().with(axis, t.shape().dim(axis) + 1)));
        changed.add(t.with(t.shape().with(axis, 0)));
        changed.add(t.with(t.shape().without(axis)));
      }
      for (Type c : changed) {
        if (!c.equals(t)) {
          List<Type> bad = new ArrayList<>(good);
          bad.set(i, c);
          all.add(bad);
        }
      }
    }
    return all;
  }
}
