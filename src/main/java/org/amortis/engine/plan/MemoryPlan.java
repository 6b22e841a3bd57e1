package org.amortis.engine.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;

/// Offsets of buffers in one region, packed by the time they live.
///
/// Greedy by size: the largest buffer first, each at the lowest offset where no buffer that lives
/// at the same time lies. Law: two buffers whose lives meet do not overlap. Sizes and offsets are
/// elements.
///
/// @param placed the buffers with their offsets
/// @param size of the region
public record MemoryPlan(List<Placed> placed, int size) {
  /// A buffer that is written at time `first` and last read at time `last`.
  public record Life(int id, int size, int first, int last) {}

  /// A buffer with its place.
  public record Placed(Life life, int offset) {}

  /// Elements to which offsets are aligned (64 bytes of float32).
  public static final int ALIGNMENT = 16;

  /// Plans the given buffers.
  ///
  /// @param reuse whether buffers may share memory at different times
  public static MemoryPlan of(List<Life> lives, boolean reuse) {
    return of(lives, (a, b) -> !reuse || a.first <= b.last && b.first <= a.last);
  }

  /// Plans the given buffers.
  ///
  /// @param apart whether two buffers must not share memory
  public static MemoryPlan of(List<Life> lives, BiPredicate<Life, Life> apart) {
    List<Life> order = new ArrayList<>(lives);
    order.sort(Comparator.comparingInt((Life l) -> -l.size).thenComparingInt(Life::id));
    List<Placed> placed = new ArrayList<>();
    int total = 0;
    for (Life life : order) {
      int size = align(life.size);
      int at = 0;
      List<Placed> meeting = new ArrayList<>();
      for (Placed p : placed) {
        if (apart.test(p.life, life)) {
          meeting.add(p);
        }
      }
      meeting.sort(Comparator.comparingInt(Placed::offset));
      for (Placed p : meeting) {
        if (at + size <= p.offset) {
          break;
        }
        at = StrictMath.max(at, StrictMath.addExact(p.offset, align(p.life.size)));
      }
      placed.add(new Placed(life, at));
      total = StrictMath.max(total, StrictMath.addExact(at, size));
    }
    return new MemoryPlan(List.copyOf(placed), total);
  }

  private static int align(int n) {
    return (n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
