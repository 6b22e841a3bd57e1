package org.amortis.engine.device.cpu;

import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.op.Draw;
import org.amortis.engine.op.RandomWalk;
import org.amortis.engine.op.Update;

/// Launches of random draws and of optimiser updates.
@SuppressWarnings("cast") // the float64 twin casts double to double
final class StepLowering32 {
  private final Lowering32 plain;
  private final int operands;

  StepLowering32(Lowering32 plain, int operands) {
    this.plain = plain;
    this.operands = operands;
  }

  Launch draw(Draw op) {
    Ref key = plain.in(operands - 1);
    Ref x = plain.in(0);
    Ref y = plain.out(0);
    int rows = org.amortis.engine.plan.Fusion.rows(y.type.shape());
    int size = rows == 0 ? 0 : y.size() / rows;
    return plain.rows(
        rows,
        (from, to, w) -> {
          int[] words = key.i();
          long seed = ((long) words[key.at() + 1] << 32) | (words[key.at()] & 0xFFFFFFFFL);
          int step = words[key.at() + 2];
          int a = from * size;
          int b = to * size;
          switch (op) {
            case Draw.Uniform u ->
                Streams.uniformInto(
                    new RandomKey(seed, u.stream()), step, a, b, y.f32(), y.at() + a);
            case Draw.Normal v ->
                Streams.normalInto(
                    new RandomKey(seed, v.stream()), step, a, b, y.f32(), y.at() + a);
            case Draw.Dropout d -> {
              float scale = (float) (1 / (1 - d.rate()));
              for (int k = a; k < b; k++) {
                boolean dropped = Draw.dropped(seed, d.stream(), step, k, d.rate());
                y.f32()[y.at() + k] = dropped ? 0 : x.f32()[x.at() + k] * scale;
              }
            }
          }
        },
        op instanceof Draw.Dropout);
  }

  Launch update(Update op) {
    return switch (op) {
      case RandomWalk r -> new RandomWalkLowering32(plain).launch(r);
      case Update.Adam a -> {
        Ref p = plain.in(0);
        Ref g = plain.in(1);
        Ref m = plain.in(2);
        Ref v = plain.in(3);
        Ref control = plain.in(4);
        Ref p2 = plain.out(0);
        Ref m2 = plain.out(1);
        Ref v2 = plain.out(2);
        yield plain.rows(
            p.size(),
            (from, to, w) -> {
              float[] c = control.f32();
              int at = control.at();
              AdamStep32 step =
                  new AdamStep32(
                      c[at],
                      (float) a.beta1(),
                      (float) a.beta2(),
                      (float) a.epsilon(),
                      c[at + 1],
                      c[at + 2],
                      c[at + 3],
                      (float) a.weightDecay());
              move(p, p2, from, to);
              move(m, m2, from, to);
              move(v, v2, from, to);
              w.kernels
                  .pointwise32()
                  .adam(
                      step,
                      p2.f32(),
                      p2.at() + from,
                      g.f32(),
                      g.at() + from,
                      m2.f32(),
                      m2.at() + from,
                      v2.f32(),
                      v2.at() + from,
                      to - from);
            },
            true,
            true,
            true,
            true);
      }
    };
  }

  private static void move(Ref from, Ref to, int a, int b) {
    if (from.f32() != to.f32() || from.at() != to.at()) {
      System.arraycopy(from.f32(), from.at() + a, to.f32(), to.at() + a, b - a);
    }
  }
}
