package org.amortis.engine.device.cpu;

/// The block convolution, bias, ReLU, 2 x 2 max-pool as one kernel, and its exact gradients.
///
/// The pool passes the gradient of a window to one of its four positions, so three quarters of the
/// gradient of the convolution are exactly zero; the gradients here visit only the rest. Positions
/// are coded in the element type: 0, 1, 2, 3 for the first maximum in scan order, and 4 where the
/// ReLU is off and no gradient passes.
public interface ConvPoolKernels32 {
  /// Code of a window whose ReLU is off.
  int OFF = 4;

  /// Computes images `[from, to)` of `y = max(0, max over the window of (x * w) + b)` and their
  /// codes.
  ///
  /// x (N, H, W, C), w (k, k, C, F), b (F); y and code (N, H/2, W/2, F). Each sum is one chain of
  /// fused multiply-adds from 0 in the order (row, column, channel) of the kernel; where the shape
  /// [transforms][ConvPoolShape#transforms()], the chains run over the channels of one frequency of
  /// F(2 x 2, 3 x 3) and the error is about twice as large. The bias is added to the maximum. NaN
  /// wins the maximum and passes.
  void forward(
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
      Scratch32 scratch);

  /// Computes images `[from, to)` of the gradient with respect to x from that with respect to y.
  ///
  /// Each sum is one chain of fused multiply-adds from 0 in the order (block of 64 filters, window,
  /// code, filter).
  void inputGradient(
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
      Scratch32 scratch);

  /// Computes the gradients with respect to filters `[filterFrom, filterTo)` of w and of b, summed
  /// over `batch` images.
  ///
  /// Each sum is one chain from 0 in the order (image, window).
  void weightGradient(
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
      Scratch32 scratch);
}
