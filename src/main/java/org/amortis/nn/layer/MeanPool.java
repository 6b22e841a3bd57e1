package org.amortis.nn.layer;

import org.amortis.engine.program.Var;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.nn.Network;
import org.amortis.nn.Scope;

/// Mean over the sites of an image, also called global average pooling: x `(B, H, W, C)`, y `(B,
/// C)`. Another number of axes throws [ShapeException]. No parameters.
public record MeanPool() implements Network {
  @Override
  public Var apply(Scope scope, Var x) {
    Shape s = x.shape();
    if (s.rank() != 4) {
      throw new ShapeException("mean_pool", "needs images (B, H, W, C), found " + s);
    }
    int sites = s.dim(1) * s.dim(2);
    return x.reshape(s.dim(0), sites, s.dim(3)).sum(1).mul(1.0 / sites);
  }
}
