package org.amortis.engine.device.cpu;

import org.amortis.engine.math.RandomKey;
import org.amortis.engine.math.Streams;
import org.amortis.engine.op.RandomWalk;
import org.amortis.engine.op.RandomWalk.Tuning;

/// Launches of Metropolis-Hastings steps, divided by chains.
///
/// Sums and products are rounded one by one, as a program of pointwise ops would.
@SuppressWarnings("cast") // the float64 twin casts double to double
final class RandomWalkLowering32 {
  private final Lowering32 plain;

  RandomWalkLowering32(Lowering32 plain) {
    this.plain = plain;
  }

  Launch launch(RandomWalk op) {
    return switch (op) {
      case RandomWalk.Propose p -> propose(p);
      case RandomWalk.Accept a -> accept(a);
      case RandomWalk.Keep k -> keep();
    };
  }

  private static RandomKey key(Ref key, int stream) {
    int[] words = key.i();
    long seed = ((long) words[key.at() + 1] << 32) | (words[key.at()] & 0xFFFFFFFFL);
    return new RandomKey(seed, stream);
  }

  private static int step(Ref key) {
    return key.i()[key.at() + 2];
  }

  private Launch propose(RandomWalk.Propose op) {
    Ref theta = plain.in(0);
    Ref scale = plain.in(1);
    Ref key = plain.in(2);
    Ref candidate = plain.out(0);
    Ref inside = plain.out(1);
    int p = op.low().size();
    float[] low = new float[p];
    float[] high = new float[p];
    for (int j = 0; j < p; j++) {
      low[j] = (float) (double) op.low().get(j);
      high[j] = (float) (double) op.high().get(j);
    }
    return plain.rows(
        inside.size(),
        (from, to, w) -> {
          int n = to - from;
          float[] x = theta.f32();
          float[] flag = inside.f32();
          int xo = theta.at() + from * p;
          int fo = inside.at() + from;
          PointwiseKernels32 k = w.kernels.pointwise32();
          float[] moved = w.scratch32.values(0, n * p);
          Streams.normalInto(key(key, op.stream()), step(key), from * p, to * p, moved, 0);
          if (p == 1) {
            float[] below = w.scratch32.values(1, n);
            k.mul(moved, 0, scale.f32(), scale.at() + from, moved, 0, n);
            k.add(x, xo, moved, 0, moved, 0, n);
            k.less(low[0], moved, 0, flag, fo, n);
            k.less(moved, 0, high[0], below, 0, n);
            k.mul(flag, fo, below, 0, flag, fo, n);
            java.util.Arrays.fill(below, 0, n, Float.NaN);
            k.select(flag, fo, moved, 0, below, 0, candidate.f32(), candidate.at() + from, n);
            return;
          }
          for (int c = 0; c < n; c++) {
            float s = scale.f32()[scale.at() + from + c];
            float in = 1;
            for (int j = 0; j < p; j++) {
              float v = x[xo + c * p + j] + moved[c * p + j] * s;
              moved[c * p + j] = v;
              in = low[j] < v && v < high[j] ? in : 0;
            }
            flag[fo + c] = in;
            for (int j = c * p; j < (c + 1) * p; j++) {
              candidate.f32()[candidate.at() + from * p + j] = in != 0 ? moved[j] : Float.NaN;
            }
          }
        },
        true,
        true);
  }

  /// Row i of y: that of a where flag i is not 0, else that of b; y may be b.
  private static void selectRows(
      float[] flag, int fo, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n, int p) {
    for (int i = 0; i < n; i++) {
      boolean first = flag[fo + i] != 0;
      for (int j = i * p; j < (i + 1) * p; j++) {
        y[yo + j] = first ? a[ao + j] : b[bo + j];
      }
    }
  }

  private Launch accept(RandomWalk.Accept op) {
    Ref[] in = new Ref[10];
    java.util.Arrays.setAll(in, plain::in);
    Ref[] out = new Ref[5];
    java.util.Arrays.setAll(out, plain::out);
    Ref key = in[9];
    int chains = in[1].size();
    int p = chains == 0 ? 0 : in[0].size() / chains;
    return plain.rows(
        chains,
        (from, to, w) -> {
          int n = to - from;
          int step = step(key);
          int last = in[8].size() - 1;
          float gain = in[8].f32()[in[8].at() + StrictMath.min(step, last)];
          PointwiseKernels32 k = w.kernels.pointwise32();
          float[] accepted = w.scratch32.values(0, n);
          float[] change = w.scratch32.values(1, n);
          Streams.uniformInto(key(key, op.stream()), step, from, to, accepted, 0);
          k.log(accepted, 0, accepted, 0, n);
          float[] next = in[7].f32();
          int no = in[7].at() + from;
          int now = in[1].at() + from;
          k.sub(next, no, in[1].f32(), now, change, 0, n);
          k.less(accepted, 0, change, 0, accepted, 0, n);
          java.util.Arrays.fill(change, 0, n, 0);
          int mark = in[6].at() + from;
          k.select(in[6].f32(), mark, accepted, 0, change, 0, accepted, 0, n);
          k.select(accepted, 0, next, no, in[1].f32(), now, out[1].f32(), out[1].at() + from, n);
          float[] candidate = in[5].f32();
          int co = in[5].at() + from * p;
          int xo = in[0].at() + from * p;
          int yo = out[0].at() + from * p;
          if (p == 1) {
            k.select(accepted, 0, candidate, co, in[0].f32(), xo, out[0].f32(), yo, n);
          } else {
            selectRows(accepted, 0, candidate, co, in[0].f32(), xo, out[0].f32(), yo, n, p);
          }
          for (int i = 2; i < 5; i++) {
            move(in[i], out[i], from, to);
          }
          if (step >= last) {
            float[] sum = out[3].f32();
            k.add(sum, out[3].at() + from, accepted, 0, sum, out[3].at() + from, n);
          }
          switch (op.tuning()) {
            case Tuning.Fixed f -> {}
            case Tuning.Towards t ->
                towards((float) t.target(), gain, accepted, out[2], from, n, w);
            case Tuning.Within b -> within(b, gain != 0, accepted, out[2], out[4], from, n);
          }
        },
        true,
        true,
        true,
        true,
        true,
        true,
        true,
        true);
  }

  private static void towards(
      float target, float gain, float[] accepted, Ref scale, int from, int n, Worker w) {
    if (gain == 0) {
      return;
    }
    PointwiseKernels32 k = w.kernels.pointwise32();
    int at = scale.at() + from;
    k.sub(accepted, 0, target, accepted, 0, n);
    k.mul(accepted, 0, gain, accepted, 0, n);
    k.exp(accepted, 0, accepted, 0, n);
    k.mul(scale.f32(), at, accepted, 0, scale.f32(), at, n);
  }

  private static void within(
      Tuning.Within b, boolean check, float[] accepted, Ref scale, Ref window, int from, int n) {
    float share = (float) (1.0 / b.every());
    float high = (float) b.high();
    float low = (float) b.low();
    float factor = (float) b.factor();
    float shrink = (float) (1 / b.factor());
    float[] counts = window.f32();
    float[] scales = scale.f32();
    for (int i = 0; i < n; i++) {
      int at = window.at() + from + i;
      float count = counts[at] + accepted[i];
      float rate = count * share;
      if (check) {
        scales[scale.at() + from + i] *= (high < rate ? factor : 1) * (rate < low ? shrink : 1);
      }
      counts[at] = check ? 0 : count;
    }
  }

  private Launch keep() {
    Ref kept = plain.in(0);
    Ref theta = plain.in(1);
    Ref slots = plain.in(2);
    Ref key = plain.in(3);
    Ref out = plain.out(0);
    int chains = plain.shape(1).dim(0);
    int p = plain.shape(1).dim(1);
    int size = theta.size();
    int most = plain.shape(0).dim(0);
    return plain.rows(
        chains,
        (from, to, w) -> {
          for (int s = 0; s < most; s++) {
            move(kept, out, s * size + from * p, s * size + to * p);
          }
          int step = step(key);
          int slot = step >= 0 && step < slots.size() ? slots.i()[slots.at() + step] : -1;
          if (slot >= 0 && slot < most) {
            System.arraycopy(
                theta.f32(),
                theta.at() + from * p,
                out.f32(),
                out.at() + slot * size + from * p,
                (to - from) * p);
          }
        },
        true,
        true);
  }

  private static void move(Ref from, Ref to, int a, int b) {
    if (from.f32() != to.f32() || from.at() != to.at()) {
      System.arraycopy(from.f32(), from.at() + a, to.f32(), to.at() + a, b - a);
    }
  }
}
