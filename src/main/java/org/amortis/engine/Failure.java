package org.amortis.engine;

import java.util.Objects;
import java.util.Optional;

/// A failure a user can act on: a kind, one clear line, and at most one line of advice.
///
/// The line says what failed, where, what was found and what was expected, for example `fields.npy:
/// z has shape (100, 15, 16), expected (n, 16, 16)`; the advice says how to mend it. Every room
/// throws this type for faults that are not programming errors; the command line turns the kind
/// into an exit code and prints the lines without a stack trace.
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What went wrong, in the terms of the command line's exit codes (those of BSD sysexits.h).
  public enum Kind {
    /// An option, a name or a run folder is not what the command takes.
    USAGE(64),
    /// Input data is unreadable, has a wrong shape, is not finite or outside the prior; divergence.
    DATA(65),
    /// A device, a driver or a Java runtime is absent.
    UNAVAILABLE(69),
    /// A fault in this program.
    INTERNAL(70),
    /// A disk, permission or network fault.
    STORAGE(74),
    /// A passing fault, such as a lost device: the same command may succeed when tried again.
    RETRY(75);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    /// The exit code of a process that ends for this reason.
    public int exitCode() {
      return exitCode;
    }
  }

  private final Kind kind;
  private final boolean memory;
  private final String advice;

  private Failure(Kind kind, boolean memory, String line, String advice, Throwable cause) {
    super(oneLine(line), cause);
    this.kind = Objects.requireNonNull(kind, "kind");
    this.memory = memory;
    this.advice = advice == null ? null : oneLine(advice);
  }

  /// A failure of the given kind described by one line.
  public static Failure of(Kind kind, String line) {
    return new Failure(kind, false, line, null, null);
  }

  /// Wrong option, unknown name, folder of another run (exit code 64).
  public static Failure usage(String line) {
    return of(Kind.USAGE, line);
  }

  /// Unreadable or ill-shaped data, values outside the prior or not finite (exit code 65).
  public static Failure data(String line) {
    return of(Kind.DATA, line);
  }

  /// Absent device, driver or Java runtime (exit code 69).
  public static Failure unavailable(String line) {
    return of(Kind.UNAVAILABLE, line);
  }

  /// A device without room for what was asked (exit code 69); less may still fit.
  public static Failure outOfMemory(String line) {
    return new Failure(Kind.UNAVAILABLE, true, line, null, null);
  }

  /// A fault in this program (exit code 70).
  public static Failure internal(String line) {
    return of(Kind.INTERNAL, line);
  }

  /// Disk, permission or network fault (exit code 74).
  public static Failure storage(String line) {
    return of(Kind.STORAGE, line);
  }

  /// A passing fault worth another try (exit code 75).
  public static Failure retry(String line) {
    return of(Kind.RETRY, line);
  }

  /// The same failure with a line that says how to mend it.
  public Failure advise(String howToMend) {
    return carry(howToMend, getCause());
  }

  /// The same failure with the exception that led to it, shown only under `--debug`.
  public Failure causedBy(Throwable cause) {
    return carry(advice, cause);
  }

  /// What went wrong.
  public Kind kind() {
    return kind;
  }

  /// Whether a device had no room: the same work in smaller parts may succeed.
  public boolean shortOfMemory() {
    return memory;
  }

  /// How to mend it, if that is known.
  public Optional<String> advice() {
    return Optional.ofNullable(advice);
  }

  private Failure carry(String newAdvice, Throwable newCause) {
    Failure copy = new Failure(kind, memory, getMessage(), newAdvice, newCause);
    copy.setStackTrace(getStackTrace());
    return copy;
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
