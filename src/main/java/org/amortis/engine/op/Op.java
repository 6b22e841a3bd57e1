package org.amortis.engine.op;

import java.util.List;
import org.amortis.engine.shape.Type;

/// One mathematical operation; its record components are attributes only, its operands live in the
/// program.
///
/// An op knows its shape rule, its meaning and its gradient, and nothing of threads, buffers or
/// devices.
public sealed interface Op
    permits Source, Pointwise, Reduce, Move, Contract, Solve, Draw, Fused, Update {

  /// Short lower-case name used in printed programs and in error messages.
  String name();

  /// Types of the results for the given operand types.
  ///
  /// @throws org.amortis.engine.shape.ShapeException when the operands do not fit
  List<Type> infer(List<Type> in);

  /// The meaning in plain double arithmetic: the oracle every device is held against.
  ///
  /// @param types operand types
  /// @param in operand values in row-major order, not modified
  /// @return fresh arrays, one a result
  List<double[]> evaluate(List<Type> types, List<double[]> in);

  /// Vector-Jacobian product, written in ops.
  ///
  /// @param g the graph that receives the gradient's nodes
  /// @param in operands
  /// @param out results
  /// @param dOut adjoint of each result; `null` where nothing depends on it
  /// @return adjoint of each operand; `null` where the operand is not differentiated
  <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut);
}
