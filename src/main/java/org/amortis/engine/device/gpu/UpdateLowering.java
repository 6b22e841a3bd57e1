package org.amortis.engine.device.gpu;

import org.amortis.engine.op.Update;

/// Launches of optimiser steps.
final class UpdateLowering {
  private UpdateLowering() {}

  static void adam(Emit e, Update.Adam a) {
    int n = e.out(0).size();
    e.launch(
        Kernel.of("adam_step", e.out(0).dtype()),
        Grid.items(n),
        e.operand(0),
        e.operand(1),
        e.operand(2),
        e.operand(3),
        e.operand(4),
        e.result(0),
        e.result(1),
        e.result(2),
        a.beta1(),
        a.beta2(),
        1 - a.beta1(),
        1 - a.beta2(),
        a.epsilon(),
        a.weightDecay(),
        n);
  }
}
