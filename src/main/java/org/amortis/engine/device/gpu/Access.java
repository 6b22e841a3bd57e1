package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Bytes `from` to `to - 1` of some memory that a launch reads, or writes and perhaps reads.
///
/// @param memory what they lie in, compared by identity
public record Access(Object memory, long from, long to, boolean writes) {
  /// Whether a launch with this must wait for an earlier one with the other, or the other way
  /// round.
  public boolean meets(Access other) {
    return memory == other.memory && (writes || other.writes) && from < other.to && other.from < to;
  }

  /// What a launch does to memory, by the kernel's list of parameters.
  ///
  /// @param arguments in the order of that list; buffers as [Argument.Buffer]
  public static List<Access> of(Kernel kernel, Object[] arguments) {
    return of(kernel, List.of(arguments), p -> p);
  }

  /// The same before memory is planned.
  ///
  /// @param arguments buffers as [Argument.Buffer] or [Place]
  /// @param memory what a place lies in
  static List<Access> of(Kernel kernel, List<Object> arguments, Function<Place, Object> memory) {
    List<KernelSource.Parameter> list = KernelSource.of(kernel.family()).parameters(kernel.entry());
    List<Access> all = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      KernelSource.Parameter p = list.get(i);
      boolean out = p.use() == KernelSource.Use.OUT;
      int width = p.bytes(kernel.real());
      Access a =
          switch (arguments.get(i)) {
            case Argument.Buffer b -> of(b.memory(), b.at(), b.extent(), width, out && !b.read());
            case Place b -> of(memory.apply(b), b.at(), b.extent(), width, out && !b.read());
            default -> null;
          };
      if (a != null && a.from < a.to && !all.contains(a)) {
        all.add(a);
      }
    }
    return all;
  }

  private static Access of(Object memory, int at, int extent, int width, boolean writes) {
    long from = (long) at * width;
    return new Access(
        memory, from, extent < 0 ? Long.MAX_VALUE : from + (long) extent * width, writes);
  }
}
