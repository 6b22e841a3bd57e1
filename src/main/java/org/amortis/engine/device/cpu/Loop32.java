package org.amortis.engine.device.cpu;

import java.util.List;
import org.amortis.engine.op.Binary;
import org.amortis.engine.op.Cast;
import org.amortis.engine.op.LeakyRelu;
import org.amortis.engine.op.Pointwise;
import org.amortis.engine.op.Select;
import org.amortis.engine.op.Unary;
import org.amortis.engine.plan.Expansion;
import org.amortis.engine.program.Program;

/// A group of pointwise nodes run as one loop: tile by tile, so that values between them stay in
/// the first cache.
@SuppressWarnings("cast") // the float64 twin casts double to double
final class Loop32 extends Launch {
  /// Elements of a tile.
  static final int TILE = 512;

  /// Where an instruction finds an operand or puts its result.
  enum Kind {
    /// Memory, element by element.
    MEMORY,
    /// A tile register.
    TILE,
    /// One element for all.
    SCALAR,
    /// Memory that repeats; copied to a tile register first.
    EXPANDED
  }

  /// @param slot tile register of `TILE` and `EXPANDED` operands
  record Operand(Kind kind, Ref ref, int slot, Expansion expansion) {}

  /// One node; `op` is null for a plain copy.
  record Instruction(Pointwise op, List<Operand> in, Operand out) {}

  private final Instruction[] code;
  private final int rowSize;
  private final int slots;

  Loop32(
      String name,
      List<Instruction> code,
      int rows,
      int rowSize,
      int slots,
      List<Read> reads,
      List<Program.Value> writes) {
    super(name, Split.ROWS, rows, rows * rowSize, reads, writes);
    this.code = code.toArray(Instruction[]::new);
    this.rowSize = rowSize;
    this.slots = slots;
  }

  @Override
  void run(int from, int to, Worker w) {
    float[] tiles = w.scratch32.values(0, slots * TILE);
    int end = to * rowSize;
    for (int at = from * rowSize; at < end; at += TILE) {
      int n = StrictMath.min(TILE, end - at);
      for (Instruction i : code) {
        execute(i, tiles, at, n, w.kernels.pointwise32());
      }
    }
  }

  private static float[] array(Operand o, float[] tiles) {
    return o.kind == Kind.MEMORY ? o.ref.f32() : tiles;
  }

  private static int place(Operand o, int at) {
    return o.kind == Kind.MEMORY ? o.ref.at() + at : o.slot * TILE;
  }

  /// Brings operands that are not contiguous into their tile register.
  private static void prepare(Operand o, float[] tiles, int at, int n, boolean scalars) {
    if (o.kind == Kind.EXPANDED) {
      Expand32.into(o.expansion, o.ref.f32(), o.ref.at(), at, at + n, tiles, o.slot * TILE);
    } else if (o.kind == Kind.SCALAR && scalars) {
      float value = o.ref.f32()[o.ref.at()];
      int to = o.slot * TILE;
      for (int k = 0; k < n; k++) {
        tiles[to + k] = value;
      }
    }
  }

  private static void execute(Instruction i, float[] tiles, int at, int n, PointwiseKernels32 k) {
    boolean binary = i.op instanceof Binary;
    for (Operand o : i.in) {
      prepare(o, tiles, at, n, !binary);
    }
    float[] y = array(i.out, tiles);
    int yo = place(i.out, at);
    Operand a = i.in.getFirst();
    switch (i.op) {
      case null -> k.copy(array(a, tiles), place(a, at), y, yo, n);
      case Unary u -> k.apply(u, array(a, tiles), place(a, at), y, yo, n);
      case LeakyRelu r -> k.leakyRelu((float) r.slope(), array(a, tiles), place(a, at), y, yo, n);
      case Binary b -> binary(b, a, i.in.get(1), tiles, at, y, yo, n, k);
      case Select s -> {
        Operand b = i.in.get(1);
        Operand c = i.in.get(2);
        k.select(
            array(a, tiles),
            place(a, at),
            array(b, tiles),
            place(b, at),
            array(c, tiles),
            place(c, at),
            y,
            yo,
            n);
      }
      case Cast c -> throw new IllegalStateException("a cast is no part of a loop");
    }
  }

  private static void binary(
      Binary b,
      Operand left,
      Operand right,
      float[] tiles,
      int at,
      float[] y,
      int yo,
      int n,
      PointwiseKernels32 k) {
    float[] p = array(left, tiles);
    int po = place(left, at);
    float[] q = array(right, tiles);
    int qo = place(right, at);
    if (right.kind == Kind.SCALAR && left.kind == Kind.SCALAR) {
      prepare(left, tiles, at, n, true);
    }
    if (right.kind == Kind.SCALAR) {
      float s = right.ref.f32()[right.ref.at()];
      switch (b) {
        case null -> throw new IllegalStateException("a function is expected");
        case ADD -> k.add(p, po, s, y, yo, n);
        case SUB -> k.sub(p, po, s, y, yo, n);
        case MUL -> k.mul(p, po, s, y, yo, n);
        case DIV -> k.div(p, po, s, y, yo, n);
        case MAX -> k.max(p, po, s, y, yo, n);
        case MIN -> k.min(p, po, s, y, yo, n);
        case LESS -> k.less(p, po, s, y, yo, n);
        case LESS_EQUAL -> k.lessEqual(p, po, s, y, yo, n);
        case EQUAL -> k.equal(p, po, s, y, yo, n);
      }
    } else if (left.kind == Kind.SCALAR) {
      float s = left.ref.f32()[left.ref.at()];
      switch (b) {
        case null -> throw new IllegalStateException("a function is expected");
        case ADD -> k.add(s, q, qo, y, yo, n);
        case SUB -> k.sub(s, q, qo, y, yo, n);
        case MUL -> k.mul(s, q, qo, y, yo, n);
        case DIV -> k.div(s, q, qo, y, yo, n);
        case MAX -> k.max(s, q, qo, y, yo, n);
        case MIN -> k.min(s, q, qo, y, yo, n);
        case LESS -> k.less(s, q, qo, y, yo, n);
        case LESS_EQUAL -> k.lessEqual(s, q, qo, y, yo, n);
        case EQUAL -> k.equal(s, q, qo, y, yo, n);
      }
    } else {
      switch (b) {
        case null -> throw new IllegalStateException("a function is expected");
        case ADD -> k.add(p, po, q, qo, y, yo, n);
        case SUB -> k.sub(p, po, q, qo, y, yo, n);
        case MUL -> k.mul(p, po, q, qo, y, yo, n);
        case DIV -> k.div(p, po, q, qo, y, yo, n);
        case MAX -> k.max(p, po, q, qo, y, yo, n);
        case MIN -> k.min(p, po, q, qo, y, yo, n);
        case LESS -> k.less(p, po, q, qo, y, yo, n);
        case LESS_EQUAL -> k.lessEqual(p, po, q, qo, y, yo, n);
        case EQUAL -> k.equal(p, po, q, qo, y, yo, n);
      }
    }
  }
}
