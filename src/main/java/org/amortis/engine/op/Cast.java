package org.amortis.engine.op;

import java.util.Collections;
import java.util.List;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;

/// Change of element type; float to int truncates towards zero.
public record Cast(DType to) implements Pointwise {
  @Override
  public String name() {
    return "cast";
  }

  @Override
  public List<Type> infer(List<Type> in) {
    return List.of(new Type(to, in.getFirst().shape()));
  }

  @Override
  public List<double[]> evaluate(List<Type> types, List<double[]> in) {
    double[] y = in.getFirst().clone();
    for (int i = 0; i < y.length; i++) {
      y[i] = to == DType.INT32 ? (int) y[i] : to == DType.FLOAT32 ? (float) y[i] : y[i];
    }
    return List.of(y);
  }

  @Override
  public <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    DType from = g.type(in.getFirst()).dtype();
    if (!from.isFloat() || !to.isFloat()) {
      return Collections.singletonList(null);
    }
    return List.of(g.cast(dOut.getFirst(), from));
  }
}
