package org.amortis.engine.device.cpu;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Where the elements of a Java array lie with respect to cache lines.
///
/// A 64-byte load that crosses a line costs two. Arrays start anywhere on 8 bytes, and the
/// collector may move them, so kernels ask before each call and begin at the first element on a
/// line. Only speed depends on the answer.
final class Addresses {
  private static final int LINE = 64;

  /// `memcpy` of nothing: it returns the address it was given. Null where native access is not
  /// enabled.
  private static final MethodHandle MEMCPY = memcpy();

  private Addresses() {}

  @SuppressWarnings("restricted")
  private static MethodHandle memcpy() {
    if (!Addresses.class.getModule().isNativeAccessEnabled()) {
      return null;
    }
    try {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().find("memcpy").orElseThrow(),
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG),
          Linker.Option.critical(true));
    } catch (RuntimeException e) {
      return null;
    }
  }

  /// Bytes from the start of the array behind `segment` to the next line, a multiple of `unit`; 0
  /// if unknown.
  static int lead(MemorySegment segment, int unit) {
    if (MEMCPY == null) {
      return 0;
    }
    try {
      long address = (long) MEMCPY.invokeExact(segment, segment, 0L);
      int lead = (int) (-address & (LINE - 1));
      return lead % unit == 0 ? lead : 0;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }
}
