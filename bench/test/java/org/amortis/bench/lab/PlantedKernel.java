package org.amortis.bench.lab;

import org.amortis.engine.device.gpu.Driver;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.Prepared;

/// A driver that launches a wrong kernel in place of a right one.
final class PlantedKernel extends DriverInFront {
  private final String right;
  private final String wrong;

  PlantedKernel(Driver real, String right, String wrong) {
    super(real);
    this.right = right;
    this.wrong = wrong;
  }

  @Override
  public Prepared prepare(Kernel kernel, Grid grid, Object[] arguments) {
    boolean hit = kernel.entry().equals(right);
    Kernel k = hit ? new Kernel(wrong, kernel.real(), kernel.defines()) : kernel;
    return super.prepare(k, grid, arguments);
  }
}
