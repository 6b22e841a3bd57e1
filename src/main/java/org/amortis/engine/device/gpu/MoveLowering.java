package org.amortis.engine.device.gpu;

import java.util.List;
import org.amortis.engine.op.Move;
import org.amortis.engine.plan.Expansion;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;

/// Launches of the ops that only move elements.
final class MoveLowering {
  /// Items of the group that finds equal indices, as in `move.c`.
  private static final int LINKS = 256;

  private MoveLowering() {}

  /// A kernel for elements of a type: integers travel as the bits of floats.
  private static Kernel kernel(String entry, DType type) {
    return Kernel.of(entry, type == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32);
  }

  private static Kernel kernel(String entry, Emit e) {
    return kernel(entry, e.out(0).dtype());
  }

  /// The copy of one value into another of the same type.
  static void copy(Emit e, Place from, Place to, int n) {
    if (n > 0) {
      e.launch(kernel("move_copy", from.dtype()), Grid.items(n), from, to, n);
    }
  }

  /// Repetition of integers; that of floats is part of a pointwise group.
  static void repeat(Emit e) {
    from(e, Expansion.of(e.in(0).shape(), e.out(0).shape()), 0);
  }

  static void transpose(Emit e, Move.Transpose t) {
    from(e, Expansion.merged(e.out(0).shape().dims(), t.strides(e.in(0).shape())), 0);
  }

  static void slice(Emit e, Move.Slice s) {
    Shape from = e.in(0).shape();
    int inner = from.product(s.axis() + 1, from.rank());
    int[] dims = {from.product(0, s.axis()), (s.to() - s.from()) * inner};
    from(e, Expansion.merged(dims, new int[] {from.dim(s.axis()) * inner, 1}), s.from() * inner);
  }

  static void diagonal(Emit e) {
    int n = e.in(0).shape().dim(-1);
    from(e, Expansion.merged(new int[] {e.out(0).size() / n, n}, new int[] {n * n, n + 1}), 0);
  }

  private static void from(Emit e, Expansion r, int skip) {
    int n = e.out(0).size();
    Place x = e.operand(0).plus(skip);
    e.launch(kernel("move_from", e), Grid.items(n), e.table(r.array()), x, e.result(0), n);
  }

  private static void to(Emit e, int operand, Expansion r, int skip) {
    int n = e.in(operand).size();
    Place y = e.result(0).plus(skip);
    e.launch(kernel("move_to", e), Grid.items(n), e.table(r.array()), e.operand(operand), y, n);
  }

  static void diagonalMatrix(Emit e) {
    int n = e.in(0).shape().dim(-1);
    int size = e.out(0).size();
    e.launch(kernel("move_zero", e), Grid.items(size), e.result(0), size);
    to(e, 0, Expansion.merged(new int[] {e.in(0).size() / n, n}, new int[] {n * n, n + 1}), 0);
  }

  static void embed(Emit e, Move.Embed m) {
    Shape from = e.in(0).shape();
    int inner = from.product(m.axis() + 1, from.rank());
    int n = e.out(0).size();
    int width = from.dim(m.axis()) * inner;
    e.launch(
        kernel("move_embed", e),
        Grid.items(n),
        e.operand(0),
        e.result(0),
        m.from() * inner,
        width,
        m.size() * inner,
        n);
  }

  static void concat(Emit e, Move.Concat c) {
    Shape to = e.out(0).shape();
    int outer = to.product(0, c.axis());
    int step = to.product(c.axis(), to.rank());
    List<Boolean> placed = outer == 1 ? e.aliases().inPlace(e.node()) : null;
    int at = 0;
    for (int i = 0; i < e.node().in().size(); i++) {
      int width = e.in(i).shape().product(c.axis(), to.rank());
      if (width > 0 && (placed == null || !placed.get(i))) {
        to(e, i, Expansion.merged(new int[] {outer, width}, new int[] {step, 1}), at);
      }
      at += width;
    }
  }

  static void gather(Emit e) {
    Shape x = e.in(0).shape();
    rows(e, "move_gather", x.dim(0), x.product(1, x.rank()));
  }

  static void window(Emit e) {
    Shape x = e.in(0).shape();
    rows(e, "move_window", x.dim(0), x.product(1, x.rank()));
  }

  static void take(Emit e) {
    rows(e, "move_take", e.in(0).shape().dim(1), e.in(1).shape().dim(1));
  }

  /// Equal indices are listed first, so that an element of the result reads what it adds only.
  static void scatter(Emit e) {
    Shape x = e.in(0).shape();
    int batch = x.dim(0);
    int rows = e.out(0).shape().dim(0);
    Place first = e.scratch(DType.INT32, rows);
    Place next = e.scratch(DType.INT32, StrictMath.max(1, batch));
    Grid group = Grid.groups(1, 1, 1).of(LINKS, 1, 1);
    e.launch(kernel("move_links", e), group, e.operand(1), first, next, batch, rows);
    String entry = e.out(0).dtype() == DType.INT32 ? "move_scatter_integers" : "move_scatter";
    int n = e.out(0).size();
    int width = x.product(1, x.rank());
    e.launch(kernel(entry, e), Grid.items(n), e.operand(0), first, next, e.result(0), width, n);
  }

  private static void rows(Emit e, String entry, int rows, int width) {
    int n = e.out(0).size();
    Place index = e.operand(1);
    e.launch(kernel(entry, e), Grid.items(n), e.operand(0), index, e.result(0), rows, width, n);
  }
}
