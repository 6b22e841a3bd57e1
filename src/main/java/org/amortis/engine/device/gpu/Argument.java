package org.amortis.engine.device.gpu;

/// Values of kernel parameters.
public final class Argument {
  private Argument() {}

  /// Memory, from an element on.
  ///
  /// @param extent elements that a launch may touch; -1 for all that there are
  /// @param read whether it is read only although the kernel might write it
  public record Buffer(Memory memory, int at, int extent, boolean read) {
    /// Memory up to its end, for whatever the kernel does.
    public Buffer(Memory memory, int at) {
      this(memory, at, -1, false);
    }

    /// The same part of other memory.
    public Buffer in(Memory other, int from) {
      return new Buffer(other, from, extent, read);
    }
  }
}
