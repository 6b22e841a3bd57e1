package org.amortis.engine.device.cpu.scalar;

import java.util.Arrays;
import org.amortis.engine.device.cpu.ConvPoolExpanded32;
import org.amortis.engine.device.cpu.ConvPoolKernels32;
import org.amortis.engine.device.cpu.ConvPoolShape;
import org.amortis.engine.device.cpu.Scratch32;

/// Convolution, bias, ReLU, max-pool in plain Java: the same chains of fused multiply-adds as the
/// vector kernels.
public final class ScalarConvPool32 implements ConvPoolKernels32 {
  private static final int BLOCK = 64;
  private static final int SUM_SLOT = 3;

  private final ConvPoolExpanded32 general = new ConvPoolExpanded32(new ScalarMatMul32());

  @Override
  public void forward(
      ConvPoolShape shape,
      float[] x,
      int xOff,
      float[] w,
      int wOff,
      float[] b,
      int bOff,
      float[] y,
      int yOff,
      float[] code,
      int codeOff,
      int from,
      int to,
      Scratch32 scratch) {
    int filters = shape.filters();
    float[] sums = scratch.values(SUM_SLOT, 4 * filters);
    boolean transforms = shape.transforms();
    float[] weights = new float[transforms ? 16 * shape.channels() * filters : 0];
    float[] patch = new float[transforms ? 16 * shape.channels() : 0];
    if (transforms) {
      ScalarWinograd32.weights(shape, w, wOff, weights);
    }
    for (int n = from; n < to; n++) {
      int image = xOff + n * shape.inputSize();
      for (int p = 0; p < shape.windows(); p++) {
        if (transforms) {
          ScalarWinograd32.input(shape, x, image, p, patch);
          ScalarWinograd32.output(shape, patch, weights, sums);
        } else {
          for (int q = 0; q < 4; q++) {
            int row = p / shape.outWidth() * 2 + q / 2;
            int col = p % shape.outWidth() * 2 + q % 2;
            convolve(shape, x, image, w, wOff, row, col, sums, q * filters);
          }
        }
        int out = (n * shape.windows() + p) * filters;
        for (int f = 0; f < filters; f++) {
          float best = sums[f];
          int arg = 0;
          for (int q = 1; q < 4; q++) {
            float value = sums[q * filters + f];
            if (value > best || value != value) {
              best = value;
              arg = q;
            }
          }
          float value = best + b[bOff + f];
          boolean off = value <= 0f;
          y[yOff + out + f] = off ? 0f : value;
          code[codeOff + out + f] = off ? OFF : arg;
        }
      }
    }
  }

  private static void convolve(
      ConvPoolShape s,
      float[] x,
      int image,
      float[] w,
      int wOff,
      int row,
      int col,
      float[] sums,
      int start) {
    int filters = s.filters();
    Arrays.fill(sums, start, start + filters, 0f);
    int half = s.kernel() / 2;
    for (int tap = 0; tap < s.kernel() * s.kernel(); tap++) {
      int r = row + tap / s.kernel() - half;
      int c = col + tap % s.kernel() - half;
      if (r < 0 || r >= s.height() || c < 0 || c >= s.width()) {
        continue;
      }
      int in = image + (r * s.width() + c) * s.channels();
      for (int ch = 0; ch < s.channels(); ch++) {
        float value = x[in + ch];
        int at = wOff + (tap * s.channels() + ch) * filters;
        for (int f = 0; f < filters; f++) {
          sums[start + f] = Math.fma(value, w[at + f], sums[start + f]);
        }
      }
    }
  }

  @Override
  public void inputGradient(
      ConvPoolShape shape,
      float[] dy,
      int dyOff,
      float[] code,
      int codeOff,
      float[] w,
      int wOff,
      float[] dx,
      int dxOff,
      int from,
      int to,
      Scratch32 scratch) {
    if (shape.kernel() != 3) {
      general.inputGradient(shape, dy, dyOff, code, codeOff, w, wOff, dx, dxOff, from, to, scratch);
      return;
    }
    int filters = shape.filters();
    for (int n = from; n < to; n++) {
      int image = dxOff + n * shape.inputSize();
      Arrays.fill(dx, image, image + shape.inputSize(), 0f);
      for (int block = 0; block < filters; block += BLOCK) {
        int end = Math.min(filters, block + BLOCK);
        for (int p = 0; p < shape.windows(); p++) {
          int out = (n * shape.windows() + p) * filters;
          for (int q = 0; q < 4; q++) {
            for (int f = block; f < end; f++) {
              if (code[codeOff + out + f] == q) {
                spread(shape, dy[dyOff + out + f], p, q, f, w, wOff, dx, image);
              }
            }
          }
        }
      }
    }
  }

  private static void spread(
      ConvPoolShape s,
      float value,
      int p,
      int q,
      int f,
      float[] w,
      int wOff,
      float[] dx,
      int image) {
    int half = s.kernel() / 2;
    int row = p / s.outWidth() * 2 + q / 2 - half;
    int col = p % s.outWidth() * 2 + q % 2 - half;
    for (int tap = 0; tap < s.kernel() * s.kernel(); tap++) {
      int r = row + tap / s.kernel();
      int c = col + tap % s.kernel();
      if (r < 0 || r >= s.height() || c < 0 || c >= s.width()) {
        continue;
      }
      int in = image + (r * s.width() + c) * s.channels();
      for (int ch = 0; ch < s.channels(); ch++) {
        float weight = w[wOff + (tap * s.channels() + ch) * s.filters() + f];
        dx[in + ch] = Math.fma(value, weight, dx[in + ch]);
      }
    }
  }

  @Override
  public void weightGradient(
      ConvPoolShape shape,
      int batch,
      float[] x,
      int xOff,
      float[] dy,
      int dyOff,
      float[] code,
      int codeOff,
      float[] dw,
      int dwOff,
      float[] db,
      int dbOff,
      int filterFrom,
      int filterTo,
      Scratch32 scratch) {
    if (shape.kernel() != 3) {
      general.weightGradient(
          shape,
          batch,
          x,
          xOff,
          dy,
          dyOff,
          code,
          codeOff,
          dw,
          dwOff,
          db,
          dbOff,
          filterFrom,
          filterTo,
          scratch);
      return;
    }
    int filters = shape.filters();
    for (int i = 0; i < shape.patch(); i++) {
      Arrays.fill(dw, dwOff + i * filters + filterFrom, dwOff + i * filters + filterTo, 0f);
    }
    Arrays.fill(db, dbOff + filterFrom, dbOff + filterTo, 0f);
    for (int n = 0; n < batch; n++) {
      int image = xOff + n * shape.inputSize();
      for (int p = 0; p < shape.windows(); p++) {
        int out = (n * shape.windows() + p) * filters;
        for (int f = filterFrom; f < filterTo; f++) {
          int q = (int) code[codeOff + out + f];
          if (q != OFF) {
            db[dbOff + f] += dy[dyOff + out + f];
            collect(shape, dy[dyOff + out + f], p, q, f, x, image, dw, dwOff);
          }
        }
      }
    }
  }

  private static void collect(
      ConvPoolShape s,
      float value,
      int p,
      int q,
      int f,
      float[] x,
      int image,
      float[] dw,
      int dwOff) {
    int half = s.kernel() / 2;
    int row = p / s.outWidth() * 2 + q / 2 - half;
    int col = p % s.outWidth() * 2 + q % 2 - half;
    for (int tap = 0; tap < s.kernel() * s.kernel(); tap++) {
      int r = row + tap / s.kernel();
      int c = col + tap % s.kernel();
      if (r < 0 || r >= s.height() || c < 0 || c >= s.width()) {
        continue;
      }
      int in = image + (r * s.width() + c) * s.channels();
      for (int ch = 0; ch < s.channels(); ch++) {
        int at = dwOff + (tap * s.channels() + ch) * s.filters() + f;
        dw[at] = Math.fma(value, x[in + ch], dw[at]);
      }
    }
  }
}
