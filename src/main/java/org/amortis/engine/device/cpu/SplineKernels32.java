package org.amortis.engine.device.cpu;

import org.amortis.engine.math.Spline;

/// Batched monotone rational-quadratic splines: [Spline] in float32, one spline an element.
///
/// Legend: `K` bins, `P = 3 K - 1` raw parameters an element (K widths, K heights, K - 1 inner
/// derivatives), `E` elements, `G` groups, `S` elements a group. Element `e` lies at `x[x0 + e]`,
/// its raw parameters at `raw[raw0 + e stride]` to `raw[raw0 + e stride + P - 1]`, `stride >= P`.
///
/// Only the named outputs are modified, there overwritten, and only for the elements of the call.
/// Input and output arrays may be one array where the places coincide element by element;
/// parameters and their gradients may not overlap anything else. A result depends on its own
/// element alone: every split of a range, every vector length and both implementations give the
/// same bytes.
///
/// Outside `[-B, B]` the map is the identity, with zero gradient in the parameters. NaN in a value
/// or in a parameter that is used gives NaN.
public interface SplineKernels32 {

  /// Forward map of elements `from` to `to - 1`: writes `y` and `ladj = log dy/dx`.
  void forward(
      Spline spline,
      int from,
      int to,
      float[] x,
      int x0,
      float[] raw,
      int raw0,
      int stride,
      float[] y,
      int y0,
      float[] ladj,
      int ladj0);

  /// Inverse map of elements `from` to `to - 1`: reads `y`, writes `x` and `ladj = log dx/dy`.
  void inverse(
      Spline spline,
      int from,
      int to,
      float[] y,
      int y0,
      float[] raw,
      int raw0,
      int stride,
      float[] x,
      int x0,
      float[] ladj,
      int ladj0);

  /// Gradient of [#forward]: from `dy = dL/dy` and `dladj = dL/dladj` to `dx` and `draw`.
  ///
  /// Reads the inputs of the forward call and computes everything anew; `draw` has the layout of
  /// `raw` with its own `drawStride`.
  void forwardBackward(
      Spline spline,
      int from,
      int to,
      float[] x,
      int x0,
      float[] raw,
      int raw0,
      int stride,
      float[] dy,
      int dy0,
      float[] dladj,
      int dladj0,
      float[] dx,
      int dx0,
      float[] draw,
      int draw0,
      int drawStride);

  /// Gradient of [#inverse]: from `dx = dL/dx` and `dladj = dL/d(inverse ladj)` to `dy` and `draw`.
  void inverseBackward(
      Spline spline,
      int from,
      int to,
      float[] y,
      int y0,
      float[] raw,
      int raw0,
      int stride,
      float[] dx,
      int dx0,
      float[] dladj,
      int dladj0,
      float[] dy,
      int dy0,
      float[] draw,
      int draw0,
      int drawStride);

  /// Forward map with shared parameters: groups `from` to `to - 1` of `size` elements each.
  ///
  /// Group `g` has the parameters `raw[raw0 + g stride ...]` and the `size` elements from `x[x0 + g
  /// size]` on, as have `y` and `ladj`: many draws a context, the knots computed once. The same
  /// bytes as [#forward] on repeated parameters.
  void forwardShared(
      Spline spline,
      int from,
      int to,
      int size,
      float[] x,
      int x0,
      float[] raw,
      int raw0,
      int stride,
      float[] y,
      int y0,
      float[] ladj,
      int ladj0);

  /// Inverse map with shared parameters: as [#forwardShared] from `y` to `x`.
  void inverseShared(
      Spline spline,
      int from,
      int to,
      int size,
      float[] y,
      int y0,
      float[] raw,
      int raw0,
      int stride,
      float[] x,
      int x0,
      float[] ladj,
      int ladj0);
}
