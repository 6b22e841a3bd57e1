package org.amortis.engine.device.cpu;

import java.util.function.Function;
import org.amortis.engine.op.Solve;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.Shape;

/// Launches of factorizations and triangular solves.
final class SolveLowering32 {
  private final Lowering32 plain;

  SolveLowering32(Program program, Program.Node node, Function<Program.Value, Ref> refs) {
    this.plain = new Lowering32(program, node, refs);
  }

  private Ref in(int i) {
    return plain.in(i);
  }

  private Ref out(int i) {
    return plain.out(i);
  }

  Launch cholesky(Solve.Cholesky op) {
    Ref a = in(0);
    Ref l = out(0);
    Shape s = plain.shape(0);
    int n = s.dim(-1);
    int batch = s.product(0, s.rank() - 2);
    return plain
        .ranges(
            batch,
            (from, to, w) -> {
              int size = n * n;
              float[] matrix = w.scratch32.values(1, size);
              int[] status = w.scratch32.indices(1, 1);
              for (int b = from; b < to; b++) {
                System.arraycopy(a.f32(), a.at() + b * size, matrix, 0, size);
                w.kernels.cholesky32().factor(n, n, size, matrix, status, 0, 1);
                System.arraycopy(matrix, 0, l.f32(), l.at() + b * size, size);
              }
            })
        .flops((long) batch * n * n * n / 3);
  }

  Launch triangularSolve(Solve.TriangularSolve op) {
    Ref l = in(0);
    Ref b = in(1);
    Ref x = out(0);
    Shape s = plain.shape(0);
    int n = s.dim(-1);
    int columns = plain.shape(1).dim(-1);
    int batch = s.product(0, s.rank() - 2);
    return plain
        .ranges(
            batch,
            (from, to, w) -> {
              // The kernel takes right-hand sides one after the other: columns become rows.
              float[] rows = w.scratch32.values(1, n * columns);
              float[] factor = w.scratch32.values(2, n * n);
              for (int m = from; m < to; m++) {
                int at = m * n * columns;
                for (int i = 0; i < n; i++) {
                  for (int c = 0; c < columns; c++) {
                    rows[c * n + i] = b.f32()[b.at() + at + i * columns + c];
                  }
                }
                System.arraycopy(l.f32(), l.at() + m * n * n, factor, 0, n * n);
                w.kernels
                    .cholesky32()
                    .solve(op.transposed(), n, n, n * n, factor, columns, rows, 0, 1);
                for (int i = 0; i < n; i++) {
                  for (int c = 0; c < columns; c++) {
                    x.f32()[x.at() + at + i * columns + c] = rows[c * n + i];
                  }
                }
              }
            })
        .flops((long) batch * n * n * columns);
  }
}
