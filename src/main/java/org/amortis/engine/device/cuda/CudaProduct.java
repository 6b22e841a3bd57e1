package org.amortis.engine.device.cuda;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.device.gpu.Access;
import org.amortis.engine.device.gpu.Argument;
import org.amortis.engine.device.gpu.Grid;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.Memory;
import org.amortis.engine.device.gpu.Prepared;

/// A large matrix product by the vendor's library, in the place of a launch of `matmul_tiled`.
///
/// Arguments are those of the kernel: a, b, bias, c, batch, m, n, k, depth, epilogue, slope.
final class CudaProduct implements GraphPart {
  private final CudaDriver driver;
  private final Products products;
  private final Kernel kernel;
  private final Object[] values;
  private final Prepared follow;
  private long nanos;

  private CudaProduct(
      CudaDriver driver, Products products, Kernel kernel, Object[] arguments, Prepared follow) {
    this.driver = driver;
    this.products = products;
    this.kernel = kernel;
    this.values = arguments.clone();
    this.follow = follow;
  }

  /// The product, and bias and activation as a launch over its result where there are any.
  static CudaProduct of(CudaDriver driver, Products products, Kernel kernel, Object[] v) {
    Prepared follow = null;
    if ((Integer) v[9] != 0) {
      int size = (Integer) v[4] * (Integer) v[5] * (Integer) v[6];
      Object[] arguments = {v[3], v[2], v[3], 1, size, v[6], v[9], v[10]};
      Kernel add = Kernel.of("matmul_add_parts", kernel.real());
      follow = driver.launch(add, Grid.items(size), arguments);
    }
    return new CudaProduct(driver, products, kernel, v, follow);
  }

  private int number(int parameter) {
    return (Integer) values[parameter];
  }

  private Product.Operand operand(int parameter) {
    Argument.Buffer b = (Argument.Buffer) values[parameter];
    long from = (long) b.at() * kernel.real().bytes();
    return new Product.Operand(((CudaMemory) b.memory()).address(), from);
  }

  @Override
  public void set(int parameter, Memory memory, int at) {
    values[parameter] = ((Argument.Buffer) values[parameter]).in(memory, at);
    if (follow != null && parameter == 2) {
      follow.set(1, memory, at);
    } else if (follow != null && parameter == 3) {
      follow.set(0, memory, at);
      follow.set(2, memory, at);
    }
  }

  @Override
  public void enqueue() {
    int k = number(7);
    Product whole =
        new Product(
            kernel.real(),
            kernel.defines().get("TRANSPOSE_A") == 1,
            kernel.defines().get("TRANSPOSE_B") == 1,
            number(4),
            number(5),
            number(6),
            k,
            k,
            operand(0),
            operand(1),
            operand(3));
    int depth = StrictMath.min(number(8), k);
    for (int at = 0; at < k; at += depth) {
      // A launch in parts has a product for each part of the sums; the next launch adds them.
      Product part = whole.part(at, depth);
      nanos += driver.timed(() -> products.multiply(part), this);
    }
    if (follow != null) {
      follow.enqueue();
    }
  }

  /// That of the kernel it replaces; and products share the library's working memory.
  @Override
  public List<Access> accesses() {
    List<Access> all = new ArrayList<>(Access.of(kernel, values));
    all.add(new Access(products, 0, 1, true));
    return all;
  }

  /// The library's launches are its own, so they are captured and added as one node.
  @Override
  public int add(Object graph, Object[] after, Object[] node) {
    Object captured = driver.capture(this);
    try {
      return driver.calls().addGraph(graph, after, captured, node);
    } finally {
      driver.drop(captured);
    }
  }

  @Override
  public long nanos() {
    return nanos + (follow == null ? 0 : follow.nanos());
  }

  @Override
  public void close() {
    if (follow != null) {
      follow.close();
    }
  }

  @Override
  public String toString() {
    return products.describe() + " for " + kernel;
  }
}
