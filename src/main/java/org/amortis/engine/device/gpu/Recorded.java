package org.amortis.engine.device.gpu;

/// Launches that a device has taken up as one, with the arguments they had then.
public interface Recorded extends AutoCloseable {
  /// Puts all of them, in their order, behind everything enqueued so far; does not wait.
  void enqueue();

  @Override
  void close();
}
