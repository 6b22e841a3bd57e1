package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.op.ConvPool;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;

/// Launches of pooled convolutions: forward a matrix product (`kernels/conv2d.c`), backward only
/// the places that the codes name (`kernels/convpool.c`).
final class ConvPoolLowering {
  /// Items of a weight gradient that fill a large device, times the channels of one item there.
  private static final int SUMS = 1 << 16;

  /// Most parts of a weight gradient.
  private static final int MOST_PARTS = 64;

  /// Items of a group of the weight gradient, and most parts that one has side by side.
  private static final int GROUP = 256;

  private static final int LANES = 8;

  /// Most channels an item takes.
  private static final int CHANNELS = 32;

  /// Rows of the filters that kernels are built for beforehand.
  private static final int[] SIZES = {1, 3, 5};

  private ConvPoolLowering() {}

  static void forward(Emit e) {
    Shape x = e.in(0).shape();
    Shape w = e.in(1).shape();
    var product = new ConvLowering.Product(x.product(0, 3), w.dim(3), 1);
    e.launch(
        product.kernel("conv2d_pooled", e.out(0).dtype(), x.dim(3)),
        product.grid(),
        e.operand(0),
        e.operand(1),
        e.operand(2),
        e.result(0),
        e.result(1),
        x.dim(0),
        x.dim(1),
        x.dim(2),
        x.dim(3),
        w.dim(0),
        w.dim(1),
        w.dim(3));
  }

  /// The largest power of two up to `most` that divides n.
  static int divisor(int n, int most) {
    return StrictMath.min(most, Integer.lowestOneBit(n));
  }

  /// Items for so many elements, on devices where an item takes the fewest: 16 bytes of channels.
  private static Grid grid(long elements, DType real, int channels) {
    return Grid.items(elements / divisor(channels, 16 / real.bytes()));
  }

  /// A kernel with its open names: both gradients come from one program.
  private static Kernel kernel(String entry, DType real, int channels, int size) {
    return Kernel.of(entry, real)
        .define("DIVIDES", divisor(channels, CHANNELS))
        .define("FILTER_SIZE", size);
  }

  /// Every kernel of an entry point that [#kernel] may give for filters of [#SIZES] rows.
  static List<Kernel> variants(String entry, DType real) {
    List<Kernel> all = new ArrayList<>();
    for (int size : SIZES) {
      for (int channels = 1; channels <= CHANNELS; channels *= 2) {
        all.add(kernel(entry, real, channels, size));
      }
    }
    return all;
  }

  static void inputGradient(Emit e, ConvPool.InputGradient op) {
    DType real = e.out(0).dtype();
    Shape x = e.out(0).shape();
    Shape w = e.in(2).shape();
    int windows = e.in(0).shape().product(0, 3);
    int size = w.dim(0);
    int channels = w.dim(2);
    int filters = w.dim(3);
    Place turned = e.scratch(real, w.size());
    Place list = e.scratch(DType.INT32, Math.multiplyExact(4 * windows, filters));
    Place count = e.scratch(DType.INT32, 4 * windows);
    e.launch(
        kernel("convpool_prepare", real, channels, size),
        Grid.items(4L * windows + w.size() / divisor(channels, 16 / real.bytes())),
        e.operand(1),
        e.operand(2),
        list,
        count,
        turned,
        windows,
        size * size,
        channels,
        filters);
    e.launch(
        kernel("convpool_input_gradient", real, channels, size),
        grid(x.size(), real, channels),
        e.operand(0),
        turned,
        list,
        count,
        e.result(0),
        x.dim(0),
        x.dim(1),
        x.dim(2),
        channels,
        filters);
  }

  /// How the rows of windows are cut into parts.
  static ConvLowering.Parts parts(int lines, int channels, int filters) {
    int wanted =
        StrictMath.min(MOST_PARTS, ConvLowering.ceil(SUMS, Math.multiplyExact(channels, filters)));
    int share = ConvLowering.ceil(lines, wanted);
    return new ConvLowering.Parts(share == 0 ? 0 : ConvLowering.ceil(lines, share), share);
  }

  static void weightGradient(Emit e, ConvPool.WeightGradient op) {
    DType real = e.out(0).dtype();
    Shape x = e.in(0).shape();
    int size = op.kernel();
    int channels = x.dim(3);
    int filters = e.in(1).shape().dim(3);
    ConvLowering.Parts parts = parts(x.dim(0) * (x.dim(1) / 2), channels, filters);
    Place bordered = bordered(e, size);
    long rows = (long) channels * filters * size;
    if (parts.count() <= LANES) {
      int lanes = ReduceLowering.powerOfTwo(parts.count());
      e.launch(
          kernel("convpool_weight_gradient", real, channels, size),
          Grid.groups(groups(rows, real, channels, lanes), 1, 1).of(GROUP, 1, 1),
          bordered,
          e.operand(1),
          e.operand(2),
          e.result(0),
          e.result(1),
          x.dim(0),
          x.dim(1),
          x.dim(2),
          channels,
          filters,
          parts.share(),
          parts.count(),
          lanes);
      return;
    }
    // Parts begin at multiples of four elements.
    int all = e.out(0).size() + StrictMath.ceilDiv(filters, 4) * 4;
    Place part = e.scratch(real, Math.multiplyExact(parts.count(), all));
    e.launch(
        kernel("convpool_weight_parts", real, channels, size),
        grid(rows * parts.count(), real, channels),
        bordered,
        e.operand(1),
        e.operand(2),
        part,
        x.dim(0),
        x.dim(1),
        x.dim(2),
        channels,
        filters,
        parts.share(),
        parts.count());
    e.launch(
        kernel("convpool_add_parts", real, channels, size),
        grid(e.out(0).size() + (long) filters, real, channels),
        part,
        e.result(0),
        e.result(1),
        parts.count(),
        size * size,
        channels,
        filters);
  }

  /// Groups for so many elements, `lanes` items each for channels of 16 bytes.
  private static int groups(long elements, DType real, int channels, int lanes) {
    long blocks = elements / divisor(channels, 16 / real.bytes());
    return Math.toIntExact(StrictMath.max(1, StrictMath.ceilDiv(blocks * lanes, GROUP)));
  }

  /// The images of the first operand with their border.
  private static Place bordered(Emit e, int size) {
    DType real = e.out(0).dtype();
    Shape x = e.in(0).shape();
    int channels = x.dim(3);
    int border = Math.multiplyExact(x.dim(1) + size - 1, x.dim(2) + size - 1);
    int wide = Math.multiplyExact(Math.multiplyExact(x.dim(0), border), channels);
    Place bordered = e.scratch(real, StrictMath.max(1, wide));
    if (wide > 0) {
      e.launch(
          kernel("convpool_border", real, channels, size),
          grid(wide, real, channels),
          e.operand(0),
          bordered,
          x.dim(0),
          x.dim(1),
          x.dim(2),
          channels);
    }
    return bordered;
  }
}
