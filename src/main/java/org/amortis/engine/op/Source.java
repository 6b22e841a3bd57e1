package org.amortis.engine.op;

import java.util.Arrays;
import java.util.List;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Values that enter a program: inputs, scalar constants, tables.
public sealed interface Source extends Op {

  /// What an input is for, which decides the memory region it lives in.
  enum Role {
    /// Trained weights and other state that a step updates.
    STATE,
    /// Observations, training data, conditions: written by the host.
    DATA
  }

  @Override
  default <V> List<V> gradient(Graph<V> g, List<V> in, List<V> out, List<V> dOut) {
    return List.of();
  }

  /// A named tensor that the caller provides.
  record Input(String label, Type type, Role role) implements Source {
    @Override
    public String name() {
      return "input";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      return List.of(type);
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      throw new IllegalStateException("input " + label + " has no value of its own");
    }
  }

  /// A scalar known while tracing.
  record Constant(double value, DType dtype) implements Source {
    @Override
    public String name() {
      return "constant";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      return List.of(new Type(dtype, Shape.SCALAR));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      return List.of(new double[] {value});
    }
  }

  /// A constant tensor known while tracing; two tables are equal when their contents are.
  ///
  /// @param type of the tensor
  /// @param values row-major, not modified
  record Table(Type type, double[] values) implements Source {
    /// Checks the number of values.
    ///
    /// @throws IllegalArgumentException when it is not that of the type
    public Table {
      if (values.length != type.size()) {
        throw new IllegalArgumentException(
            "table of " + type + " needs " + type.size() + " values, found " + values.length);
      }
    }

    @Override
    public String name() {
      return "table";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      return List.of(type);
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      return List.of(values.clone());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Table t && type.equals(t.type) && Arrays.equals(values, t.values);
    }

    @Override
    public int hashCode() {
      return 31 * type.hashCode() + Arrays.hashCode(values);
    }
  }
}
