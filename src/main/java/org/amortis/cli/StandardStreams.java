package org.amortis.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;

/// The process's own output streams.
final class StandardStreams {
  /// Set by the launcher: the descriptor that holds the real standard error.
  private static final String ERR_PROPERTY = "amortis.stderr";

  /// Set by the launcher: whether standard error is a terminal, which Java cannot tell.
  private static final String TERMINAL_PROPERTY = "amortis.terminal";

  private StandardStreams() {}

  /// Undoes the launcher's redirection of standard error.
  ///
  /// The Java runtime announces incubator modules on standard error before any of our code runs and
  /// has no switch for it, so the launcher starts it with standard error put aside. This is
  /// `dup2(aside, 2)`: every later write, native ones included, goes where the user wants it.
  @SuppressWarnings("restricted")
  static void restoreErr() {
    Integer aside = Integer.getInteger(ERR_PROPERTY);
    if (aside == null) {
      return;
    }
    try {
      Linker linker = Linker.nativeLinker();
      var type =
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
      MethodHandle dup2 =
          linker.downcallHandle(linker.defaultLookup().find("dup2").orElseThrow(), type);
      if ((int) dup2.invokeExact((int) aside, 2) == 2) {
        return;
      }
    } catch (Throwable e) {
      // Without native access only Java's own messages can be brought back, below.
    }
    try {
      System.setErr(new PrintStream(new FileOutputStream("/dev/fd/" + aside, true), true));
    } catch (IOException e) {
      System.setErr(System.out);
    }
  }

  /// Whether standard error is a terminal, as far as can be known.
  static boolean errIsTerminal() {
    String told = System.getProperty(TERMINAL_PROPERTY);
    if (told != null) {
      return Boolean.parseBoolean(told);
    }
    return System.console() != null && System.console().isTerminal();
  }

  /// Standard output, in the encoding of the terminal.
  static Out out() {
    Charset charset = System.out.charset();
    Watched watched = new Watched(new FileOutputStream(FileDescriptor.out));
    return new Out(new PrintStream(watched, true, charset), watched);
  }

  /// Standard output that remembers why it could not be written.
  record Out(PrintStream stream, Watched watched) implements AutoCloseable {
    /// The exit code of a process that would else end with `exitCode`: a reader that went away, as
    /// in `amortis devices | head -1`, is no fault, a full disk is.
    int exitCode(int exitCode, PrintStream err) {
      IOException fault = watched.fault;
      if (fault == null || exitCode != 0 || String.valueOf(fault.getMessage()).contains("pipe")) {
        return exitCode;
      }
      err.println("amortis: error: cannot write standard output: " + fault.getMessage());
      return 74;
    }

    @Override
    public void close() {
      stream.close();
    }
  }

  /// A stream that keeps the first fault of the stream under it.
  static final class Watched extends FilterOutputStream {
    private IOException fault;

    Watched(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        if (fault == null) {
          fault = e;
        }
        throw e;
      }
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }
  }
}
