package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.op.Conv2d;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;

/// Launches of convolutions and their adjoints as implicit matrix products (`kernels/conv2d.c`).
///
/// Every choice here follows from shapes alone, so that results are the same bytes on every run;
/// only the number of parts of a weight gradient shows in them.
final class ConvLowering {
  /// Most terms of the sum brought to the group's memory at a time.
  private static final int TERMS = 16;

  /// Groups that fill a large device.
  private static final int GROUPS = 256;

  private ConvLowering() {}

  /// A product of `rows x columns`, its sums in so many parts.
  record Product(int rows, int columns, int parts) {
    /// Tiles of 64 x 64 that it has.
    static int tiles(int rows, int columns) {
      return ceil(rows, 64) * ceil(columns, 64);
    }

    private boolean narrow() {
      return columns <= 16;
    }

    private boolean small() {
      return !narrow() && tiles(rows, columns) * parts < GROUPS;
    }

    /// The kernel with its open names; few of them, for each is a program to build.
    Kernel kernel(String entry, DType real, int channels) {
      return Kernel.of(entry, real)
          .define("NARROW", narrow() ? 1 : 0)
          .define("SMALL", small() ? 1 : 0)
          .define("RUN", channels % 4 == 0 ? 4 : 1);
    }

    /// Every kernel of an entry point that [#kernel] may give.
    static List<Kernel> variants(String entry, DType real) {
      List<Kernel> all = new ArrayList<>();
      for (int channels : new int[] {1, 4}) {
        for (Product p :
            List.of(new Product(1, 1, 1), new Product(1, 17, 1), new Product(1, 17, GROUPS))) {
          all.add(p.kernel(entry, real, channels));
        }
      }
      return all;
    }

    /// Groups for the smallest tiles a device takes for it.
    Grid grid() {
      int tiles =
          narrow()
              ? ceil(rows, 64)
              : small() ? ceil(rows, 32) * ceil(columns, 32) : tiles(rows, columns);
      return Grid.groups(tiles, parts, 1).of(64, 1, 1);
    }
  }

  /// How a sum over pixels is cut: parts of `share` pixels, the last one of what is left.
  record Parts(int count, int share) {
    /// Parts of whole steps, at least 16 of them, as many as fill the device.
    static Parts of(int pixels, int groups) {
      int wanted = StrictMath.min(ceil(GROUPS, groups), ceil(pixels, 16 * TERMS));
      int share = ceil(ceil(pixels, StrictMath.max(1, wanted)), TERMS) * TERMS;
      return new Parts(share == 0 ? 0 : ceil(pixels, share), share);
    }
  }

  static int ceil(int n, int by) {
    return (n + by - 1) / by;
  }

  static void forward(Emit e, Conv2d c) {
    Shape x = e.in(0).shape();
    Shape w = e.in(1).shape();
    Shape y = e.out(0).shape();
    Product product = new Product(y.product(0, 3), w.dim(3), 1);
    Kernel kernel = product.kernel("conv2d_forward", e.out(0).dtype(), x.dim(3));
    launch(e, kernel, product, e.result(0), sizes(c, x, w, y));
  }

  static void inputGradient(Emit e, Conv2d.InputGradient c) {
    Shape y = e.in(0).shape();
    Shape w = e.in(1).shape();
    Shape x = e.out(0).shape();
    Product product = new Product(x.product(0, 3), x.dim(3), 1);
    Kernel kernel = product.kernel("conv2d_input_gradient", e.out(0).dtype(), w.dim(3));
    launch(e, kernel, product, e.result(0), sizes(c.conv(), x, w, y));
  }

  /// What every kernel of the family asks: extents of image, window and result, stride, padding.
  private static List<Object> sizes(Conv2d c, Shape x, Shape w, Shape y) {
    return List.of(
        x.dim(0),
        x.dim(1),
        x.dim(2),
        x.dim(3),
        w.dim(0),
        w.dim(1),
        w.dim(3),
        y.dim(1),
        y.dim(2),
        c.stride(),
        c.pad());
  }

  private static void launch(Emit e, Kernel k, Product p, Place to, List<Object> sizes) {
    List<Object> arguments = new ArrayList<>(List.of(e.operand(0), e.operand(1), to));
    arguments.addAll(sizes);
    e.launch(k, p.grid(), arguments.toArray());
  }

  static void weightGradient(Emit e, Conv2d.WeightGradient c) {
    DType real = e.out(0).dtype();
    Shape x = e.in(0).shape();
    Shape y = e.in(1).shape();
    Shape w = e.out(0).shape();
    int rows = w.product(0, 3);
    int columns = w.dim(3);
    Parts parts = Parts.of(y.product(0, 3), Product.tiles(rows, columns));
    Product product = new Product(rows, columns, parts.count());
    Place part = e.scratch(real, StrictMath.max(1, parts.count() * w.size()));
    if (parts.count() > 0) {
      List<Object> sizes = new ArrayList<>(sizes(c.conv(), x, w, y));
      sizes.add(parts.share());
      Kernel kernel = product.kernel("conv2d_weight_gradient", real, x.dim(3));
      launch(e, kernel, product, part, sizes);
    }
    e.launch(
        Kernel.of("conv2d_add_parts", real),
        Grid.items(w.size()),
        part,
        e.result(0),
        parts.count(),
        w.size());
  }
}
