package org.amortis.engine.device.opencl;

import org.amortis.engine.device.gpu.Argument;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.Memory;
import org.amortis.engine.device.gpu.Prepared;
import org.amortis.engine.shape.DType;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;

/// A kernel object of its own with its arguments and its geometry.
final class OpenClLaunch implements Prepared {
  private final OpenClDriver driver;
  private final Kernel kernel;
  private final long[] items;
  private final long[] group;
  private final int[] slots;
  private long nanos;
  cl_kernel id;

  OpenClLaunch(OpenClDriver driver, Kernel kernel, cl_kernel id, Grid grid, Object[] arguments) {
    this.driver = driver;
    this.kernel = kernel;
    this.id = id;
    group = new long[] {grid.itemsX(), grid.itemsY(), grid.itemsZ()};
    items =
        new long[] {
          grid.groupsX() * group[0], grid.groupsY() * group[1], grid.groupsZ() * group[2]
        };
    slots = new int[arguments.length];
    int slot = 0;
    for (int i = 0; i < arguments.length; i++) {
      slots[i] = slot;
      slot += arguments[i] instanceof Argument.Buffer ? 2 : 1;
    }
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case Argument.Buffer b -> set(i, b.memory(), b.at());
        case Integer n -> CL.clSetKernelArg(id, slots[i], Sizeof.cl_int, Pointer.to(new int[] {n}));
        case Double d when kernel.real() == DType.FLOAT32 ->
            CL.clSetKernelArg(
                id, slots[i], Sizeof.cl_float, Pointer.to(new float[] {d.floatValue()}));
        case Double d ->
            CL.clSetKernelArg(id, slots[i], Sizeof.cl_double, Pointer.to(new double[] {d}));
        default -> throw new IllegalArgumentException(kernel + ": argument " + arguments[i]);
      }
    }
  }

  @Override
  public void set(int parameter, Memory memory, int at) {
    int slot = slots[parameter];
    CL.clSetKernelArg(id, slot, Sizeof.cl_mem, Pointer.to(((OpenClMemory) memory).id));
    CL.clSetKernelArg(id, slot + 1, Sizeof.cl_int, Pointer.to(new int[] {at}));
  }

  @Override
  public void enqueue() {
    nanos += driver.enqueue(kernel, id, items, group);
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void close() {
    driver.release(this);
  }
}
