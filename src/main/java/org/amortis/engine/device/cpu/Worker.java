package org.amortis.engine.device.cpu;

import java.util.Map;
import java.util.WeakHashMap;

/// One thread's place in a team, and its work arrays.
final class Worker {
  private final Team team;
  final int index;
  final int count;
  final Scratch32 scratch32 = new Scratch32();
  final Scratch64 scratch64 = new Scratch64();
  final CpuKernels kernels = CpuKernels.best();
  private final Map<GaussianDensity64, GaussianDensity64.Scratch> gaussians = new WeakHashMap<>();

  Worker(Team team, int index, int count) {
    this.team = team;
    this.index = index;
    this.count = count;
  }

  /// This worker's memory for a Gaussian density.
  GaussianDensity64.Scratch gaussian(GaussianDensity64 density) {
    return gaussians.computeIfAbsent(density, GaussianDensity64::scratch);
  }

  /// First of this worker's share of `items`.
  int from(int items) {
    return (int) ((long) items * index / count);
  }

  /// End of this worker's share of `items`.
  int to(int items) {
    return (int) ((long) items * (index + 1) / count);
  }

  boolean failed() {
    return team.failed();
  }

  void fail(Throwable e) {
    team.fail(e);
  }

  void barrier() {
    team.barrier();
  }
}
