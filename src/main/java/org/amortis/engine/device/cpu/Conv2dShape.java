package org.amortis.engine.device.cpu;

/// Geometry of a two-dimensional convolution on channels-last images.
///
/// Input (N, height, width, channels), weights (kernelHeight, kernelWidth, channels, filters),
/// output (N, outHeight, outWidth, filters); `padding` rows and columns of zeros on every side.
public record Conv2dShape(
    int height,
    int width,
    int channels,
    int kernelHeight,
    int kernelWidth,
    int filters,
    int stride,
    int padding) {
  /// Checks the sizes.
  ///
  /// @throws IllegalArgumentException when one is not positive (padding may be 0), or the kernel is
  ///   larger than the padded image
  public Conv2dShape {
    boolean sizes = height > 0 && width > 0 && channels > 0 && filters > 0;
    boolean window = kernelHeight > 0 && kernelWidth > 0 && stride > 0 && padding >= 0;
    if (!sizes || !window) {
      throw new IllegalArgumentException("[conv2d] sizes must be positive");
    }
    if (height + 2 * padding < kernelHeight || width + 2 * padding < kernelWidth) {
      throw new IllegalArgumentException(
          "[conv2d] the kernel (%d, %d) is larger than the padded image (%d, %d)"
              .formatted(kernelHeight, kernelWidth, height + 2 * padding, width + 2 * padding));
    }
  }

  /// Rows of the output.
  public int outHeight() {
    return (height + 2 * padding - kernelHeight) / stride + 1;
  }

  /// Columns of the output.
  public int outWidth() {
    return (width + 2 * padding - kernelWidth) / stride + 1;
  }

  /// Input values that reach one output value.
  public int patch() {
    return kernelHeight * kernelWidth * channels;
  }

  /// Elements of one input image.
  public int inputSize() {
    return height * width * channels;
  }

  /// Elements of one output image.
  public int outputSize() {
    return outHeight() * outWidth() * filters;
  }
}
