package org.amortis.bench.lab;

import java.util.Set;
import java.util.TreeSet;
import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Joining;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.KernelSource;
import org.amortis.engine.device.gpu.Memory;
import org.amortis.engine.device.gpu.Prepared;

/// A driver that launches kernels for any size at a size of its own choice, with memory that begins
/// as NaN.
///
/// It does not own the driver behind it: closing it does nothing.
final class ChangedGrids extends DriverInFront {
  private static final int NAN = 0xFFF80001;

  private Geometry geometry;
  private boolean joining;

  /// Entries launched since the last [#forget].
  final Set<String> launched = new TreeSet<>();

  /// Whether one of them takes any size, and whether one of those was launched along y or z.
  boolean any;

  boolean deep;

  ChangedGrids(Driver real) {
    super(real);
  }

  /// From now on launches at this size; `null` for what the lowering asks for.
  void use(Geometry other) {
    geometry = other;
  }

  /// From now on programs have their short launches joined, or each kernel as it is.
  void join(boolean those) {
    joining = those;
  }

  @Override
  public Joining joins() {
    return joining ? super.joins() : Joining.APART;
  }

  /// Forgets what was launched.
  void forget() {
    launched.clear();
    any = false;
    deep = false;
  }

  @Override
  public Prepared prepare(Kernel kernel, Grid grid, Object[] arguments) {
    launched.add(kernel.entry());
    if (KernelSource.of(kernel.family()).fixed(kernel.entry())) {
      return real.prepare(kernel, grid, arguments);
    }
    any = true;
    deep |= grid.groupsY() > 1 || grid.groupsZ() > 1;
    return real.prepare(kernel, geometry == null ? grid : geometry.of(grid), arguments);
  }

  @Override
  public Memory allocate(long bytes) {
    Memory m = real.allocate(bytes);
    real.fill(m, 0, bytes / 4 * 4, NAN);
    return m;
  }

  @Override
  public void close() {}
}
