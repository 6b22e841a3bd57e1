package org.amortis.engine.device.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/// Device memory that is kept for the next who asks for about as much.
///
/// Asking the driver takes microseconds, giving back waits for the device; programs come and go
/// with the same sizes. A block that was given back may be handed out at once: all work is on one
/// in-order stream. When the driver has no more, the free blocks go back to it first.
final class CudaPool {
  /// A block of memory.
  record Block(Object address, long bytes) {}

  private final Calls calls;
  private final TreeMap<Long, Deque<Block>> free = new TreeMap<>();
  private long held;
  private long used;

  CudaPool(Calls calls) {
    this.calls = calls;
  }

  /// Bytes of the blocks handed out.
  long used() {
    return used;
  }

  /// Bytes taken from the driver.
  long held() {
    return held;
  }

  /// Sizes are rounded up to one of eight steps between powers of two, so that a block lost to
  /// rounding is an eighth at most.
  static long size(long bytes) {
    long least = StrictMath.max(512, bytes);
    long step = StrictMath.max(512, Long.highestOneBit(least) / 8);
    return (least + step - 1) / step * step;
  }

  /// Takes a block; returns the driver's status.
  int take(long bytes, Block[] block) {
    long size = size(bytes);
    Deque<Block> known = free.get(size);
    if (known != null && !known.isEmpty()) {
      block[0] = known.pop();
    } else {
      Object[] address = new Object[1];
      int status = calls.allocate(size, address);
      if (status == 2 && held > used) {
        status = trim();
        status = status == 0 ? calls.allocate(size, address) : status;
      }
      if (status != 0) {
        return status;
      }
      block[0] = new Block(address[0], size);
      held += size;
    }
    used += size;
    return 0;
  }

  /// Gives a block back.
  void give(Block block) {
    used -= block.bytes;
    free.computeIfAbsent(block.bytes, k -> new ArrayDeque<>()).push(block);
  }

  /// Gives free blocks back to the driver; returns its first status that is not 0.
  int trim() {
    for (Map.Entry<Long, Deque<Block>> e : free.entrySet()) {
      for (Block b = e.getValue().poll(); b != null; b = e.getValue().poll()) {
        held -= b.bytes;
        int status = calls.free(b.address);
        if (status != 0) {
          return status;
        }
      }
    }
    return 0;
  }
}
