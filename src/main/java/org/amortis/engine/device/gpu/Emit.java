package org.amortis.engine.device.gpu;

import java.util.List;
import org.amortis.engine.plan.Aliases;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Type;

/// What the lowering of a family sees of one node: its operands, its results, and the list its
/// launches go to.
public final class Emit {
  private final Program program;
  private final Program.Node node;
  private final Aliases aliases;
  private final java.util.function.UnaryOperator<Program.Value> root;
  private final LaunchList list;

  Emit(
      Program program,
      Program.Node node,
      Aliases aliases,
      java.util.function.UnaryOperator<Program.Value> root,
      LaunchList list) {
    this.program = program;
    this.node = node;
    this.aliases = aliases;
    this.root = root;
    this.list = list;
  }

  /// The node.
  public Program.Node node() {
    return node;
  }

  /// The program it stands in.
  Program program() {
    return program;
  }

  Aliases aliases() {
    return aliases;
  }

  /// Type of an operand.
  public Type in(int i) {
    return program.type(node.in().get(i));
  }

  /// Type of a result.
  public Type out(int i) {
    return node.types().get(i);
  }

  /// Memory of an operand.
  public Place operand(int i) {
    return place(node.in().get(i));
  }

  /// Memory of a result.
  public Place result(int i) {
    return place(new Program.Value(node.id(), i));
  }

  /// Memory of a value.
  Place place(Program.Value v) {
    Type t = program.type(v);
    return Place.of(t.dtype(), root.apply(v), aliases.of(v).offset(), t.size());
  }

  /// Memory for the launches of this node only, of unspecified content.
  public Place scratch(DType dtype, int elements) {
    return list.scratch(dtype, elements);
  }

  /// A constant array of reals; equal ones share memory.
  public Place table(double[] values, DType real) {
    return list.table(new LaunchList.Table(real, values));
  }

  /// A constant array of integers.
  public Place table(int[] values) {
    return list.table(new LaunchList.Table(DType.INT32, values));
  }

  /// Adds a launch for several nodes.
  void launch(List<Program.Node> nodes, Kernel kernel, Grid grid, Object... arguments) {
    list.add(kernel, grid, arguments, nodes);
  }

  /// Adds a launch.
  ///
  /// @param arguments in the order of the kernel's parameters: [Place], `Integer` or `Double`
  /// @throws IllegalStateException when they do not fit the kernel's list
  public void launch(Kernel kernel, Grid grid, Object... arguments) {
    launch(List.of(node), kernel, grid, arguments);
  }
}
