package org.amortis.engine.device.cuda.emulator;

/// `bar.sync 0`: all threads of the group meet.
final class Barrier extends Step {
  @Override
  boolean collective() {
    return true;
  }

  @Override
  void run(Warp w) {
    if (w.together()) {
      w.barrier();
    }
  }
}
