package org.amortis.engine.shape;

/// Shapes or element types that do not fit an op; raised while a program is traced.
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final boolean located;

  /// One line that names the op, what was found and what was expected.
  ///
  /// @param op name of the op, which stands first and in brackets
  public ShapeException(String op, String message) {
    super("[" + op + "] " + message);
    located = false;
  }

  private ShapeException(String message) {
    super(message);
    located = true;
  }

  /// The same error with the line of user code that called the op.
  public ShapeException at(String site) {
    return located ? this : new ShapeException(getMessage() + " at " + site);
  }
}
