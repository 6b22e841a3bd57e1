package org.amortis.engine.device.opencl;

import org.amortis.engine.device.gpu.Memory;
import org.jocl.cl_mem;

/// A memory object; its driver counts and releases it.
final class OpenClMemory implements Memory {
  private final OpenClDriver driver;
  private final long bytes;
  private final boolean part;
  cl_mem id;

  OpenClMemory(OpenClDriver driver, cl_mem id, long bytes, boolean part) {
    this.driver = driver;
    this.id = id;
    this.bytes = bytes;
    this.part = part;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  boolean part() {
    return part;
  }

  @Override
  public void close() {
    driver.release(this);
  }
}
