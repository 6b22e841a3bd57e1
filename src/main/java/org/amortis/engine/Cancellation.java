package org.amortis.engine;

/// A request to stop, set once from any thread and polled by long work.
///
/// Work polls [#requested()] or [#check()] at least twice a second, writes what is finished and
/// returns or lets [Cancelled] pass.
public final class Cancellation {
  private volatile boolean requested;

  /// Thrown by [#check()] once a stop was requested; carries no stack trace.
  public static final class Cancelled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Cancelled() {
      super("cancelled", null, false, false);
    }
  }

  /// A new token that nobody has asked to stop.
  public static Cancellation create() {
    return new Cancellation();
  }

  private Cancellation() {}

  /// Asks the work to stop; later calls change nothing.
  public void request() {
    requested = true;
  }

  /// Whether a stop was requested.
  public boolean requested() {
    return requested;
  }

  /// Returns quietly while no stop was requested.
  ///
  /// @throws Cancelled once one was
  public void check() {
    if (requested) {
      throw new Cancelled();
    }
  }
}
