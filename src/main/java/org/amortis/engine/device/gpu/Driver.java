package org.amortis.engine.device.gpu;

import java.nio.ByteBuffer;
import java.util.List;

/// What the lowering asks of a device: seven verbs over one in-order queue, and an eighth for
/// devices that enqueue many launches as one.
///
/// Everything is released by its `close`; `close` of the driver comes last.
public interface Driver extends AutoCloseable {
  /// Alignment in bytes of planned memory.
  int ALIGNMENT = 128;

  /// The name under which `Devices` opens it: `opencl:0`, ...
  String name();

  /// One line for people: what it is, its memory, what it is for.
  String describe();

  /// Whether kernels may use double.
  boolean float64();

  /// Bytes of memory that the items of a group may share.
  default int localMemory() {
    return 48 << 10;
  }

  /// How many groups of a launch work side by side without sharing what they compute with.
  default int units() {
    return 64;
  }

  /// Whether launches that it [records][#record] may run side by side, so that values had better
  /// not share memory where this would order them.
  default boolean branches() {
    return false;
  }

  /// Which launches become one that does their work: a short one costs what a long one costs.
  default Joining joins() {
    return Joining.of(System.getenv("AMORTIS_LAUNCHES"), Joining.ROWS);
  }

  /// Memory of its own, of unspecified content.
  ///
  /// @throws org.amortis.engine.Failure when the device has no room
  Memory allocate(long bytes);

  /// Fills a range with copies of a 32-bit pattern; offset and extent are multiples of 4.
  void fill(Memory memory, long from, long bytes, int pattern);

  /// Copies the remaining bytes of a host buffer to the device; the host buffer may be reused at
  /// once.
  void write(Memory memory, long from, ByteBuffer host);

  /// Copies from the device into the remaining bytes of a host buffer, after all that was enqueued.
  void read(Memory memory, long from, ByteBuffer host);

  /// Builds a kernel, or finds it built, and binds its arguments.
  ///
  /// @param arguments in the order of the kernel's list: [Argument.Buffer], `Integer`, `Double`
  Prepared prepare(Kernel kernel, Grid grid, Object[] arguments);

  /// Takes up launches as one, so that enqueueing all of them costs the host what one costs. They
  /// may run side by side where none writes what another touches.
  ///
  /// Arguments are those of now: after a [Prepared#set] it must be recorded anew. Every launch has
  /// been enqueued before. Nothing is executed; nothing may be allocated, written, read or waited
  /// for while it records.
  ///
  /// @param times how often the list is gone through
  /// @return `null` where the device has no such thing
  default Recorded record(List<Prepared> launches, int times) {
    return null;
  }

  /// Waits until everything enqueued is done.
  void finish();

  @Override
  void close();
}
