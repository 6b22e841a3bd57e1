package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.op.Binary;
import org.amortis.engine.op.Cast;
import org.amortis.engine.op.Op;
import org.amortis.engine.plan.Expansion;
import org.amortis.engine.shape.DType;

/// Launches that involve integers or change the element type: counters, indices, casts.
final class IntegerLowering {
  private IntegerLowering() {}

  static void lower(Emit e) {
    Op op = e.node().op();
    switch (op) {
      case Cast c -> cast(e, e.in(0).dtype(), c.to());
      case Binary b when b == Binary.ADD || b == Binary.SUB || b == Binary.MUL -> binary(e, b);
      default ->
          throw new UnsupportedOperationException(
              "["
                  + op.name()
                  + "] of integers is not available on this device: "
                  + e.node().types()
                  + " at "
                  + e.node().site());
    }
  }

  private static void binary(Emit e, Binary b) {
    List<Integer> words = new ArrayList<>(Expansion.of(e.in(0).shape(), e.out(0).shape()).words());
    int second = words.size();
    words.addAll(Expansion.of(e.in(1).shape(), e.out(0).shape()).words());
    int n = e.out(0).size();
    e.launch(
        Kernel.of("pointwise_integers", DType.FLOAT32),
        Grid.items(n),
        e.table(words.stream().mapToInt(i -> i).toArray()),
        second,
        b == Binary.ADD ? 0 : b == Binary.SUB ? 1 : 2,
        n,
        e.operand(0),
        e.operand(1),
        e.result(0));
  }

  private static void cast(Emit e, DType from, DType to) {
    int n = e.out(0).size();
    if (from == to) {
      MoveLowering.copy(e, e.operand(0), e.result(0), n);
      return;
    }
    Kernel kernel =
        switch (to) {
          case INT32 -> Kernel.of("pointwise_to_int", from);
          case FLOAT32 ->
              from == DType.INT32
                  ? Kernel.of("pointwise_from_int", to)
                  : Kernel.of("pointwise_to_float", from);
          case FLOAT64 ->
              Kernel.of(from == DType.INT32 ? "pointwise_from_int" : "pointwise_from_float", to);
        };
    e.launch(kernel, Grid.items(n), e.operand(0), e.result(0), n);
  }
}
