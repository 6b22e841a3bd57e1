package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.op.Activation;
import org.amortis.engine.op.Dense;
import org.amortis.engine.op.MatMul;
import org.amortis.engine.shape.DType;

/// Launches of matrix products and dense layers.
final class MatMulLowering {
  private MatMulLowering() {}

  /// Every kernel that [#lower] may ask for.
  static List<Kernel> variants(DType real) {
    List<Kernel> all = new ArrayList<>();
    for (boolean a : new boolean[] {false, true}) {
      for (boolean b : new boolean[] {false, true}) {
        MatMul op = new MatMul(a, b);
        for (MatMulTile t : MatMulTile.values()) {
          all.add(
              t == MatMulTile.ELEMENTS ? form("matmul_elements", real, op) : tiled(real, op, t));
        }
      }
    }
    return all;
  }

  /// Every kernel that a launch of `matmul_tiled` may become on tensor cores.
  static List<Kernel> tensor(DType real) {
    List<Kernel> all = new ArrayList<>();
    if (real == DType.FLOAT32) {
      for (int terms : new int[] {3, 1}) {
        for (int tile : new int[] {128, 64}) {
          for (int form = 0; form < 4; form++) {
            MatMul op = new MatMul(form >= 2, form % 2 == 1);
            all.add(form("tensor_product", real, op).define("TILE", tile).define("TERMS", terms));
          }
        }
      }
    }
    return all;
  }

  /// Every kernel that a launch of `matmul_tiled` of the largest tile may become where copies to
  /// local memory pass no registers.
  static List<Kernel> staged(DType real) {
    List<Kernel> all = new ArrayList<>();
    for (int form = 0; real == DType.FLOAT32 && form < 4; form++) {
      all.add(form("staged_product", real, new MatMul(form >= 2, form % 2 == 1)));
    }
    return all;
  }

  static void matmul(Emit e, MatMul m) {
    lower(e, m, null);
  }

  static void dense(Emit e, Dense d) {
    lower(e, new MatMul(false, false), d.activation());
  }

  /// @param activation what follows the bias, operand 2; `null` for a product without either
  private static void lower(Emit e, MatMul op, Activation activation) {
    DType real = e.out(0).dtype();
    MatMul.Extents x = op.extents(e.in(0), e.in(1));
    MatMulPlan plan = MatMulPlan.of(real, x);
    int results = x.batch() * x.m() * x.n();
    Place a = e.operand(0);
    Place b = e.operand(1);
    // Without a bias the kernel reads none, and takes any memory for it.
    Place bias = activation == null ? a : e.operand(2);
    int epilogue = epilogue(activation);
    double slope = activation == null ? 0 : activation.slope();
    Place c = e.result(0);
    if (plan.tile() == MatMulTile.ELEMENTS) {
      e.launch(
          form("matmul_elements", real, op),
          Grid.items(results),
          a,
          b,
          bias,
          c,
          results,
          x.m(),
          x.n(),
          x.k(),
          epilogue,
          slope);
      return;
    }
    boolean whole = plan.parts() == 1;
    Place sums = whole ? c : e.scratch(real, plan.parts() * results);
    long groups = plan.parts() * plan.tile().groups(real, x.batch(), x.m(), x.n());
    e.launch(
        tiled(real, op, plan.tile()),
        Grid.groups(Math.toIntExact(groups), 1, 1).of(plan.tile().items(real), 1, 1),
        a,
        b,
        bias,
        sums,
        x.batch(),
        x.m(),
        x.n(),
        x.k(),
        plan.depth(),
        whole ? epilogue : 0,
        slope);
    if (!whole) {
      e.launch(
          Kernel.of("matmul_add_parts", real),
          Grid.items(results),
          sums,
          bias,
          c,
          plan.parts(),
          results,
          x.n(),
          epilogue,
          slope);
    }
  }

  /// The kernel's number of what follows a sum.
  private static int epilogue(Activation activation) {
    return activation == null
        ? 0
        : switch (activation.kind()) {
          case NONE -> 1;
          case RELU -> 2;
          case LEAKY_RELU -> 3;
        };
  }

  private static Kernel form(String entry, DType real, MatMul op) {
    return Kernel.of(entry, real)
        .define("TRANSPOSE_A", op.transposeA() ? 1 : 0)
        .define("TRANSPOSE_B", op.transposeB() ? 1 : 0);
  }

  private static Kernel tiled(DType real, MatMul op, MatMulTile t) {
    return form("matmul_tiled", real, op)
        .define("TILE_M", t.m(real))
        .define("TILE_N", t.n(real))
        .define("TILE_K", t.k(real))
        .define("THREAD_M", t.threadM(real))
        .define("THREAD_N", t.threadN(real));
  }
}
