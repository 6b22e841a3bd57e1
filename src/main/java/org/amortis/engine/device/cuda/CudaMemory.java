package org.amortis.engine.device.cuda;

import org.amortis.engine.device.gpu.Memory;

/// A block of the pool while somebody holds it.
final class CudaMemory implements Memory {
  private final CudaDriver driver;
  private final long bytes;
  CudaPool.Block block;

  CudaMemory(CudaDriver driver, CudaPool.Block block, long bytes) {
    this.driver = driver;
    this.block = block;
    this.bytes = bytes;
  }

  /// The address.
  ///
  /// @throws IllegalStateException after it was closed
  Object address() {
    if (block == null) {
      throw new IllegalStateException("memory of " + bytes + " bytes was given back");
    }
    return block.address();
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    driver.release(this);
  }
}
