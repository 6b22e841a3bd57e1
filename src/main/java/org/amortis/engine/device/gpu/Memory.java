package org.amortis.engine.device.gpu;

/// Memory on a device.
public interface Memory extends AutoCloseable {
  /// Its extent in bytes.
  long bytes();

  @Override
  void close();
}
