package org.amortis.engine.device.gpu;

/// A launch with its kernel, its geometry and its arguments, ready to be enqueued any number of
/// times.
public interface Prepared extends AutoCloseable {
  /// Sets a buffer argument.
  ///
  /// @param parameter number of the buffer or scalar in the kernel's list, counted from 0
  /// @param at elements after the start of the memory
  void set(int parameter, Memory memory, int at);

  /// Puts the launch behind everything enqueued so far; does not wait.
  void enqueue();

  /// Time the device spent in it so far, in nanoseconds; 0 unless `-Damortis.profile=true`.
  default long nanos() {
    return 0;
  }

  @Override
  void close();
}
