package org.amortis.engine.device.cpu;

import java.util.Arrays;

/// Gradients of the fused block by way of the gradient of the whole convolution, zeros included:
/// any kernel size.
public final class ConvPoolExpanded32 {
  private static final int WHOLE_SLOT = 4;

  private final Convolution32 convolution;

  /// Gradients on top of `matmul`.
  public ConvPoolExpanded32(MatMulKernels32 matmul) {
    convolution = new Convolution32(matmul);
  }

  /// As [ConvPoolKernels32#inputGradient], summed in the order of [Convolution32#inputGradient].
  public void inputGradient(
      ConvPoolShape s,
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
    Conv2dShape whole = whole(s);
    float[] expanded = scratch.values(WHOLE_SLOT, (to - from) * whole.outputSize());
    expand(s, dy, dyOff, code, codeOff, from, to, expanded);
    int at = dxOff + from * s.inputSize();
    convolution.inputGradient(whole, expanded, 0, w, wOff, dx, at, 0, to - from, scratch);
  }

  /// As [ConvPoolKernels32#weightGradient], summed in the order (image, position).
  public void weightGradient(
      ConvPoolShape s,
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
    Conv2dShape whole = whole(s);
    float[] expanded = scratch.values(WHOLE_SLOT, batch * whole.outputSize());
    expand(s, dy, dyOff, code, codeOff, 0, batch, expanded);
    convolution.weightGradient(
        whole, batch, x, xOff, expanded, 0, dw, dwOff, db, dbOff, filterFrom, filterTo, scratch);
  }

  private static Conv2dShape whole(ConvPoolShape s) {
    return new Conv2dShape(
        s.height(),
        s.width(),
        s.channels(),
        s.kernel(),
        s.kernel(),
        s.filters(),
        1,
        s.kernel() / 2);
  }

  private static void expand(
      ConvPoolShape s,
      float[] dy,
      int dyOff,
      float[] code,
      int codeOff,
      int from,
      int to,
      float[] out) {
    int filters = s.filters();
    Arrays.fill(out, 0, (to - from) * s.height() * s.width() * filters, 0f);
    for (int n = from; n < to; n++) {
      for (int p = 0; p < s.windows(); p++) {
        int in = (n * s.windows() + p) * filters;
        int row = (n - from) * s.height() + p / s.outWidth() * 2;
        int col = p % s.outWidth() * 2;
        for (int f = 0; f < filters; f++) {
          int q = (int) code[codeOff + in + f];
          if (q < ConvPoolKernels32.OFF) {
            out[((row + q / 2) * s.width() + col + q % 2) * filters + f] = dy[dyOff + in + f];
          }
        }
      }
    }
  }
}
