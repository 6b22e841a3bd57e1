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
          float[] eta = w.scratch32.values(0, (to - from) * p);
          Streams.normalInto(key(key, op.stream()), step(key), from * p, to * p, eta, 0);
          float[] x = theta.f32();
          float[] y = candidate.f32();
          for (int c = from; c < to; c++) {
            float s = scale.f32()[scale.at() + c];
            int at = theta.at() + c * p;
            int drawn = (c - from) * p;
            boolean in = true;
            for (int j = 0; j < p; j++) {
              float v = x[at + j] + eta[drawn + j] * s;
              eta[drawn + j] = v;
              in &= low[j] < v && v < high[j];
            }
            System.arraycopy(in ? eta : x, in ? drawn : at, y, candidate.at() + c * p, p);
            inside.f32()[inside.at() + c] = in ? 1 : 0;
          }
        },
        true,
        true);
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
          float[] accepted = w.scratch32.values(0, n);
          Streams.uniformInto(key(key, op.stream()), step, from, to, accepted, 0);
          w.kernels.pointwise32().log(accepted, 0, accepted, 0, n);
          for (int i = 0; i < 5; i++) {
            int each = i == 0 ? p : 1;
            move(in[i], out[i], from * each, to * each);
          }
          for (int i = 0; i < n; i++) {
            int c = from + i;
            float next = in[7].f32()[in[7].at() + c];
            float now = out[1].f32()[out[1].at() + c];
            boolean moves = accepted[i] < next - now && in[6].f32()[in[6].at() + c] != 0;
            accepted[i] = moves ? 1 : 0;
            if (moves) {
              System.arraycopy(
                  in[5].f32(), in[5].at() + c * p, out[0].f32(), out[0].at() + c * p, p);
              out[1].f32()[out[1].at() + c] = next;
            }
            if (step >= last) {
              out[3].f32()[out[3].at() + c] += accepted[i];
            }
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
    float[] factor = w.scratch32.values(1, n);
    for (int i = 0; i < n; i++) {
      factor[i] = (accepted[i] - target) * gain;
    }
    w.kernels.pointwise32().exp(factor, 0, factor, 0, n);
    for (int i = 0; i < n; i++) {
      scale.f32()[scale.at() + from + i] *= factor[i];
    }
  }

  private static void within(
      Tuning.Within b, boolean check, float[] accepted, Ref scale, Ref window, int from, int n) {
    float share = (float) (1.0 / b.every());
    float high = (float) b.high();
    float low = (float) b.low();
    float factor = (float) b.factor();
    float shrink = (float) (1 / b.factor());
    for (int i = 0; i < n; i++) {
      float count = window.f32()[window.at() + from + i] + accepted[i];
      float rate = count * share;
      if (check) {
        float s = (high < rate ? factor : 1) * (rate < low ? shrink : 1);
        scale.f32()[scale.at() + from + i] *= s;
      }
      window.f32()[window.at() + from + i] = check ? 0 : count;
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
