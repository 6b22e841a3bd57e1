package org.amortis.engine.device;

import org.amortis.engine.program.Program;

/// A program bound to a device: planned once, then run again and again without allocation.
///
/// An executable belongs to one thread at a time.
public interface Executable extends AutoCloseable {
  /// The program.
  Program program();

  /// Memory of an input.
  ///
  /// @throws IllegalArgumentException when the program has no such input
  Buffer input(String label);

  /// Memory of a result; its content is valid until the next run.
  ///
  /// @throws IllegalArgumentException when the program has no such output
  Buffer output(String label);

  /// Uses the given buffer, of the same device and type, as the memory of an input: how programs
  /// share parameters and data.
  ///
  /// @throws IllegalArgumentException when the program has no such input, or the buffer is of
  ///   another type or another kind of device
  void attach(String label, Buffer buffer);

  /// Runs the program once and writes its updates back.
  void run();

  /// Runs the program several times: the same results as so many calls of [#run()]. A device may
  /// take them up as one launch, and need not be done when this returns.
  ///
  /// @param times number of runs
  default void run(int times) {
    for (int i = 0; i < times; i++) {
      run();
    }
  }

  /// Waits until all runs so far are done.
  default void finish() {}

  /// What is executed and where things lie, for people.
  String explain();

  @Override
  void close();
}
