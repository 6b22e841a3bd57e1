package org.amortis.engine.device.cpu;

import java.util.List;
import org.amortis.engine.program.Program;

/// One kernel call of a bound program: what it reads and writes and how it is divided among
/// threads.
abstract class Launch {
  /// How the work is divided.
  enum Split {
    /// By rows of the leading axis; the same rows always go to the same thread.
    ROWS,
    /// By ranges of some other extent.
    RANGES,
    /// Not at all: the first thread does it.
    SINGLE
  }

  /// An operand; `aligned` when row r of the work reads row r of the operand only.
  record Read(Program.Value value, boolean aligned) {}

  /// Up to so many elements in so few rows a launch is not worth dividing: a barrier costs more.
  private static final int SMALL = 256;

  private static final int FEW = 16;

  /// Operations from which a launch is worth dividing all the same.
  private static final long MUCH = 1_000_000;

  final String name;
  private final boolean small;
  Split split;
  final int items;
  final List<Read> reads;
  final List<Program.Value> writes;

  /// Floating-point operations of one run, 0 where it is memory traffic only.
  long flops;

  /// Time that the first thread has spent here, where that is measured.
  long nanos;

  /// @param elements elements written; few of them are left to one thread
  Launch(
      String name,
      Split split,
      int items,
      int elements,
      List<Read> reads,
      List<Program.Value> writes) {
    this.name = name;
    this.small = elements <= SMALL && items < FEW && split == Split.ROWS;
    this.split = items <= 1 && split == Split.ROWS || small ? Split.SINGLE : split;
    this.items = items;
    this.reads = reads;
    this.writes = writes;
  }

  /// Says how much there is to compute; much work is divided however few its results are.
  void count(long operations) {
    flops = operations;
    if (small && operations >= MUCH && items > 1) {
      split = Split.ROWS;
    }
  }

  /// Does items `[from, to)`.
  abstract void run(int from, int to, Worker w);
}
