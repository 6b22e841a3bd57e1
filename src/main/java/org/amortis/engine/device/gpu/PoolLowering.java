package org.amortis.engine.device.gpu;

import org.amortis.engine.op.MaxPool;
import org.amortis.engine.shape.Shape;

/// Launches of max-pooling (`kernels/pool.c`).
final class PoolLowering {
  private PoolLowering() {}

  static void forward(Emit e, MaxPool p) {
    Shape x = e.in(0).shape();
    e.launch(
        Kernel.of("pool_max", e.out(0).dtype()),
        Grid.items(e.out(0).size()),
        e.operand(0),
        e.result(0),
        e.result(1),
        x.dim(0),
        x.dim(1),
        x.dim(2),
        x.dim(3),
        p.size());
  }

  static void inputGradient(Emit e, MaxPool.InputGradient p) {
    Shape x = e.out(0).shape();
    e.launch(
        Kernel.of("pool_max_gradient", e.out(0).dtype()),
        Grid.items(e.out(0).size()),
        e.operand(0),
        e.operand(1),
        e.result(0),
        x.dim(0),
        x.dim(1),
        x.dim(2),
        x.dim(3),
        p.size());
  }
}
