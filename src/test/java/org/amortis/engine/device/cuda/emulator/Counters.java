package org.amortis.engine.device.cuda.emulator;

/// Counts what a launch executes.
public final class Counters {
  void count(int at, int mask) {}

  void access(Warp w, Access access) {}
}
