package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.shape.DType;

/// Every kernel that is built beforehand: entry points with the values of their open names.
///
/// The lowerings choose from this set; only filters and splines of unusual sizes lie outside it. A
/// new entry point with open names belongs into [#of], one without is found in the text.
public final class KernelVariants {
  private KernelVariants() {}

  /// The kernels of a family, in the order of the text, float32 first.
  public static List<Kernel> of(String family) {
    List<Kernel> all = new ArrayList<>();
    for (DType real : List.of(DType.FLOAT32, DType.FLOAT64)) {
      for (String entry : KernelSource.of(family).entries().keySet()) {
        all.addAll(of(entry, real));
      }
    }
    return List.copyOf(all);
  }

  private static List<Kernel> of(String entry, DType real) {
    return switch (entry) {
      case "conv2d_forward", "conv2d_input_gradient", "conv2d_weight_gradient", "conv2d_pooled" ->
          ConvLowering.Product.variants(entry, real);
      case "flow_coupling", "flow_coupling_gradient" -> FlowLowering.couplings(entry, real);
      case "gaussian_density", "gaussian_gradient" -> only(entry, GaussianLowering.variants(real));
      case "matmul_tiled", "matmul_elements" -> only(entry, MatMulLowering.variants(real));
      case "tensor_product" -> MatMulLowering.tensor(real);
      case "staged_product" -> MatMulLowering.staged(real);
      case "whole_density", "whole_chains" -> only(entry, WholeLowering.variants(real));
      case "small_run" -> SmallRun.variants(real);
      case "pointwise_run" -> PointwiseLowering.variants(real);
      case "reduce_axis" -> ReduceLowering.variants(real);
      case "cholesky_solve" -> SolveLowering.variants(real);
      default ->
          entry.startsWith("convpool_")
              ? ConvPoolLowering.variants(entry, real)
              : entry.startsWith("spline_")
                  ? FlowLowering.splines(entry, real)
                  : List.of(Kernel.of(entry, real));
    };
  }

  private static List<Kernel> only(String entry, List<Kernel> all) {
    return all.stream().filter(k -> k.entry().equals(entry)).toList();
  }
}
