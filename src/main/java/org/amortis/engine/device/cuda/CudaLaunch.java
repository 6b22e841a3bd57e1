package org.amortis.engine.device.cuda;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.device.gpu.Access;
import org.amortis.engine.device.gpu.Argument;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.Memory;
import org.amortis.engine.shape.DType;

/// A kernel with its geometry and its arguments.
final class CudaLaunch implements GraphPart {
  private final CudaDriver driver;
  private final Kernel kernel;
  private final Grid grid;
  private final Object function;
  private final Object[] values;
  private Object list;
  private long nanos;

  CudaLaunch(CudaDriver driver, Kernel kernel, Grid grid, Object function, Object[] arguments) {
    this.driver = driver;
    this.kernel = kernel;
    this.grid = grid;
    this.function = function;
    this.values = arguments.clone();
  }

  /// The API's values: memory is an address and the place in it.
  private Object[] flat() {
    List<Object> flat = new ArrayList<>();
    for (Object v : values) {
      switch (v) {
        case Argument.Buffer b -> {
          flat.add(((CudaMemory) b.memory()).address());
          flat.add(b.at());
        }
        case Integer n -> flat.add(n);
        case Double d -> flat.add(kernel.real() == DType.FLOAT32 ? (Object) d.floatValue() : d);
        default -> throw new IllegalArgumentException(kernel + ": argument " + v);
      }
    }
    return flat.toArray();
  }

  @Override
  public void set(int parameter, Memory memory, int at) {
    values[parameter] = ((Argument.Buffer) values[parameter]).in(memory, at);
    list = null;
  }

  private Object list() {
    if (list == null) {
      list = driver.arguments(flat());
    }
    return list;
  }

  @Override
  public void enqueue() {
    nanos += driver.enqueue(function, grid, list(), this);
  }

  @Override
  public List<Access> accesses() {
    return Access.of(kernel, values);
  }

  @Override
  public int add(Object graph, Object[] after, Object[] node) {
    return driver.calls().addLaunch(graph, after, function, grid, list(), node);
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void close() {
    list = null;
  }

  @Override
  public String toString() {
    return kernel + " as " + grid;
  }
}
