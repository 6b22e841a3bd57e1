package org.amortis.engine.device.cuda.emulator;

/// What a kernel must not do, or what the emulator does not know; says where.
public final class PtxFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// Kinds of faults.
  public enum Kind {
    /// The text holds what the emulator does not know, or what is not PTX.
    UNKNOWN,
    /// A launch does not fit the entry's declaration or the limits of a device.
    LAUNCH,
    /// An address in no allocation or variable.
    BOUNDS,
    /// An address that is no multiple of the access' size.
    ALIGNMENT,
    /// Memory is read that nobody wrote.
    UNWRITTEN,
    /// Two threads touch a word, one of them writes, and no barrier stands between.
    RACE,
    /// A barrier, or an instruction of a whole warp, that not all threads reach.
    DIVERGENCE
  }

  private final Kind kind;

  PtxFault(Kind kind, String message) {
    super(kind + ": " + message);
    this.kind = kind;
  }

  /// What kind of fault it is.
  public Kind kind() {
    return kind;
  }
}
