package org.amortis.engine.device.cpu;

/// Geometry of the block convolution, bias, ReLU, 2 x 2 max-pool on channels-last images.
///
/// Input (N, height, width, channels), weights (kernel, kernel, channels, filters) with odd
/// `kernel` and a border of zeros that keeps the image size, output (N, height / 2, width / 2,
/// filters); an odd last row or column is dropped.
public record ConvPoolShape(int height, int width, int channels, int kernel, int filters) {
  /// Checks the sizes.
  ///
  /// @throws IllegalArgumentException for images below 2 x 2, no channels or filters, or an even
  ///   kernel
  public ConvPoolShape {
    if (height < 2 || width < 2 || channels < 1 || filters < 1) {
      throw new IllegalArgumentException("[convPool] images are at least 2 x 2 with one channel");
    }
    if (kernel < 1 || kernel % 2 == 0) {
      throw new IllegalArgumentException("[convPool] the kernel size is odd, got " + kernel);
    }
  }

  /// Rows of the output.
  public int outHeight() {
    return height / 2;
  }

  /// Columns of the output.
  public int outWidth() {
    return width / 2;
  }

  /// Pool windows of one image.
  public int windows() {
    return outHeight() * outWidth();
  }

  /// Input values that reach one value of the convolution.
  public int patch() {
    return kernel * kernel * channels;
  }

  /// Elements of one input image.
  public int inputSize() {
    return height * width * channels;
  }

  /// Elements of one output image.
  public int outputSize() {
    return windows() * filters;
  }

  /// Width of the input with its border of zeros.
  public int paddedWidth() {
    return width + kernel - 1;
  }

  /// Height of the input with its border of zeros.
  public int paddedHeight() {
    return height + kernel - 1;
  }

  /// Whether the forward pass multiplies transformed 4 x 4 patches, F(2 x 2, 3 x 3), which needs 16
  /// products where the direct sum needs 36.
  public boolean transforms() {
    return kernel == 3 && channels >= 8;
  }
}
