package org.amortis.engine.device.cpu.vector;

import org.amortis.engine.device.cpu.ConvPoolExpanded32;
import org.amortis.engine.device.cpu.ConvPoolKernels32;
import org.amortis.engine.device.cpu.ConvPoolShape;
import org.amortis.engine.device.cpu.Scratch32;

/// Convolution, bias, ReLU, max-pool in one pass over a bordered copy of each image.
///
/// Forward, 3 x 3 kernels multiply transformed patches and others sum directly. Backward, gradients
/// of the input walk the filters of a window by bit masks, one mask a code, and gradients of the
/// weights walk, filter by filter, a list of the chosen positions; both skip the three quarters
/// that the pool makes zero. Gradients of other kernel sizes are those of the general convolution.
public final class VectorConvPool32 implements ConvPoolKernels32 {
  private final ConvPoolExpanded32 general = new ConvPoolExpanded32(new VectorMatMul32());

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
    if (shape.channels() == 1 && shape.kernel() == 3) {
      ConvPoolForward32.single(
          shape, x, xOff, w, wOff, b, bOff, y, yOff, code, codeOff, from, to, scratch);
    } else if (shape.transforms()) {
      ConvPoolForward32.transformed(
          shape, x, xOff, w, wOff, b, bOff, y, yOff, code, codeOff, from, to, scratch);
    } else {
      ConvPoolForward32.direct(
          shape, x, xOff, w, wOff, b, bOff, y, yOff, code, codeOff, from, to, scratch);
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
    if (from >= to) {
      return;
    }
    if (shape.kernel() == 3) {
      ConvPoolInputGradient32.sparse(
          shape, dy, dyOff, code, codeOff, w, wOff, dx, dxOff, from, to, scratch);
    } else {
      general.inputGradient(shape, dy, dyOff, code, codeOff, w, wOff, dx, dxOff, from, to, scratch);
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
    if (filterFrom >= filterTo) {
      return;
    }
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
    } else if (shape.channels() == 1) {
      ConvPoolWeightGradient32.single(
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
    } else {
      ConvPoolWeightGradient32.sparse(
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
    }
  }
}
