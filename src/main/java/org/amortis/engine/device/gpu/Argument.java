package org.amortis.engine.device.gpu;

/// Values of kernel parameters.
public final class Argument {
  private Argument() {}

  /// Memory, from an element on.
  public record Buffer(Memory memory, int at) {}
}
