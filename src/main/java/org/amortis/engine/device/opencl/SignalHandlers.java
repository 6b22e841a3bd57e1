package org.amortis.engine.device.opencl;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.function.Supplier;

/// Keeps the signal handlers of this process while a driver loads and compiles.
///
/// OpenCL drivers that bring LLVM (PoCL, some vendors') replace the handlers of SIGSEGV, SIGFPE,
/// SIGINT, SIGTERM and more as soon as platforms are listed. Java needs its own: compiled code
/// leaves null checks to SIGSEGV. LLVM's handler resets the signal to its default for a moment
/// before it gives the old one back, and when two threads find a null in that moment the process
/// ends without a word.
final class SignalHandlers {
  /// Signals 1 to 31, the classic ones; those that cannot be caught answer with an error.
  private static final int SIGNALS = 31;

  /// At least the extent of `struct sigaction` (152 bytes with glibc, 16 on macOS); its content is
  /// not looked into.
  private static final int EXTENT = 256;

  private static final MethodHandle SIGACTION = sigaction();

  private SignalHandlers() {}

  private static MethodHandle sigaction() {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("sigaction")
        .map(f ->
            linker.downcallHandle(
                f,
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS)))
        .orElse(null); // Windows has none, and no such handlers either
  }

  /// Does some work and puts back every handler that it replaced.
  static synchronized <T> T keeping(Supplier<T> work) {
    byte[][] before = handlers();
    try {
      return work.get();
    } finally {
      byte[][] now = handlers();
      try (Arena arena = Arena.ofConfined()) {
        for (int s = 1; s < before.length; s++) {
          if (!same(before[s], now[s])) {
            MemorySegment action = arena.allocate(EXTENT, 16);
            MemorySegment.copy(before[s], 0, action, ValueLayout.JAVA_BYTE, 0, EXTENT);
            call(s, action, MemorySegment.NULL);
          }
        }
      }
    }
  }

  /// Whether two actions call the same handler: its address comes first on every system, and the C
  /// library leaves bytes after it as they happen to be.
  static boolean same(byte[] a, byte[] b) {
    int address = (int) ValueLayout.ADDRESS.byteSize();
    return Arrays.equals(a, 0, address, b, 0, address);
  }

  /// What is done at each signal, by its number.
  static byte[][] handlers() {
    if (SIGACTION == null) {
      return new byte[0][];
    }
    byte[][] all = new byte[SIGNALS + 1][];
    try (Arena arena = Arena.ofConfined()) {
      for (int s = 1; s <= SIGNALS; s++) {
        MemorySegment action = arena.allocate(EXTENT, 16);
        call(s, MemorySegment.NULL, action);
        all[s] = action.toArray(ValueLayout.JAVA_BYTE);
      }
    }
    return all;
  }

  private static int call(int signal, MemorySegment set, MemorySegment old) {
    try {
      return (int) SIGACTION.invokeExact(signal, set, old);
    } catch (Throwable e) {
      throw new IllegalStateException("sigaction", e);
    }
  }
}
