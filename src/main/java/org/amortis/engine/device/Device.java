package org.amortis.engine.device;

import org.amortis.engine.program.Program;
import org.amortis.engine.shape.Type;

/// Hardware, or a stand-in for it, that runs programs.
public interface Device extends AutoCloseable {
  /// The name under which [Devices] opens it: `cpu`, `reference`, ...
  String name();

  /// One line for people: what it is, threads or units, instruction set.
  String describe();

  /// Memory for one tensor, filled with zeros.
  ///
  /// @throws org.amortis.engine.Failure UNAVAILABLE when the device has no room, or no arithmetic
  ///   of this type
  Buffer allocate(Type type);

  /// Plans a program for this device; the executable is the caller's to close.
  ///
  /// @throws org.amortis.engine.Failure UNAVAILABLE when the device has no room, or no arithmetic
  ///   of a type that the program needs
  Executable bind(Program program);

  @Override
  void close();
}
