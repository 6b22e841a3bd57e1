package org.amortis.engine.device.cpu;

import java.util.function.Function;
import org.amortis.engine.device.cpu.Launch.Split;
import org.amortis.engine.op.Binary;
import org.amortis.engine.op.Cast;
import org.amortis.engine.op.Op;
import org.amortis.engine.plan.Expansion;
import org.amortis.engine.plan.Fusion;
import org.amortis.engine.program.Print;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.DType;

/// Launches that involve integers or change the element type: counters, indices, casts.
final class IntLowering {
  private IntLowering() {}

  static Launch of(Program program, Program.Node n, Function<Program.Value, Ref> refs) {
    Ref y = refs.apply(new Program.Value(n.id(), 0));
    Op op = n.op();
    int rows = Fusion.rows(y.type.shape());
    int size = rows == 0 ? 0 : y.size() / rows;
    if (op instanceof Cast) {
      Ref x = refs.apply(n.in().getFirst());
      return Call.of(
          n,
          Split.ROWS,
          rows,
          new boolean[] {true},
          (from, to, w) -> {
            for (int k = from * size; k < to * size; k++) {
              cast(x, x.at() + k, y, y.at() + k);
            }
          });
    }
    if (op instanceof Binary b) {
      Ref p = refs.apply(n.in().get(0));
      Ref q = refs.apply(n.in().get(1));
      Expansion pe = Expansion.of(p.type.shape(), y.type.shape());
      Expansion qe = Expansion.of(q.type.shape(), y.type.shape());
      boolean simple = (pe.contiguous() || pe.scalar()) && (qe.contiguous() || qe.scalar());
      if (simple) {
        int ps = pe.scalar() ? 0 : 1;
        int qs = qe.scalar() ? 0 : 1;
        return Call.of(
            n,
            Split.SINGLE,
            1,
            new boolean[0],
            (from, to, w) -> {
              for (int k = 0; k < y.size(); k++) {
                int u = p.i()[p.at() + k * ps];
                int v = q.i()[q.at() + k * qs];
                y.i()[y.at() + k] =
                    switch (b) {
                      case ADD -> u + v;
                      case SUB -> u - v;
                      case MUL -> u * v;
                      case DIV, MAX, MIN, LESS, LESS_EQUAL, EQUAL ->
                          throw new IllegalStateException(b + " of integers");
                    };
              }
            });
      }
    }
    throw new UnsupportedOperationException(
        "["
            + Print.op(op)
            + "] of integers is not available on cpu: "
            + n.types()
            + " at "
            + n.site());
  }

  private static void cast(Ref x, int from, Ref y, int to) {
    double v =
        switch (x.type.dtype()) {
          case FLOAT32 -> x.f32()[from];
          case FLOAT64 -> x.f64()[from];
          case INT32 -> x.i()[from];
        };
    switch (y.type.dtype()) {
      case FLOAT32 -> y.f32()[to] = (float) v;
      case FLOAT64 -> y.f64()[to] = v;
      case INT32 -> y.i()[to] = x.type.dtype() == DType.INT32 ? x.i()[from] : (int) v;
    }
  }
}
