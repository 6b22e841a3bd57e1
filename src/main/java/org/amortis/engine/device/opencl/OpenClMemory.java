package org.amortis.engine.device.opencl;

import org.amortis.engine.device.gpu.Memory;
import org.jocl.cl_mem;

/// A memory object; its driver counts and releases it.
final class OpenClMemory implements Memory {
  private final OpenClDriver driver;
  private final long bytes;
  cl_mem id;

  OpenClMemory(OpenClDriver driver, cl_mem id, long bytes) {
    this.driver = driver;
    this.id = id;
    this.bytes = bytes;
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
