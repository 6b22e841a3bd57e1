package org.amortis.engine.device.cpu;

import java.util.Arrays;

/// Two-dimensional convolution of any kernel size, stride and padding, and max-pooling, on
/// channels-last images.
///
/// A convolution gathers the patches of a few output positions into rows and multiplies them by the
/// weights, so its speed and its order of summation are those of the matrix product it is given.
public final class Convolution32 {
  /// Output positions whose patches are gathered at a time.
  private static final int POSITIONS = 192;

  private static final int PATCH_SLOT = 3;

  private final MatMulKernels32 matmul;

  /// A convolution on top of `matmul`.
  public Convolution32(MatMulKernels32 matmul) {
    this.matmul = matmul;
  }

  /// Computes images `[from, to)` of `y = activation(x * w + bias)`.
  ///
  /// x (N, H, W, C), w (kh, kw, C, F), y (N, H', W', F). Each sum runs in the order (row, column,
  /// channel) of the kernel.
  public void forward(
      Conv2dShape shape,
      float[] x,
      int xOff,
      float[] w,
      int wOff,
      Epilogue32 epilogue,
      float[] y,
      int yOff,
      int from,
      int to,
      Scratch32 scratch) {
    int patch = shape.patch();
    int filters = shape.filters();
    int positions = shape.outHeight() * shape.outWidth();
    for (int n = from; n < to; n++) {
      for (int p = 0; p < positions; p += POSITIONS) {
        int count = Math.min(POSITIONS, positions - p);
        float[] rows = scratch.values(PATCH_SLOT, POSITIONS * patch);
        gather(shape, x, xOff + n * shape.inputSize(), p, count, rows);
        int at = yOff + (n * positions + p) * filters;
        matmul.multiply(
            false, false, count, filters, patch, rows, 0, patch, w, wOff, filters, y, at, filters,
            epilogue, 0, count, 0, filters, scratch);
      }
    }
  }

  /// Computes images `[from, to)` of the gradient with respect to x from that with respect to y.
  ///
  /// An input value sums its output positions in scan order, each a finished sum over the filters.
  public void inputGradient(
      Conv2dShape shape,
      float[] dy,
      int dyOff,
      float[] w,
      int wOff,
      float[] dx,
      int dxOff,
      int from,
      int to,
      Scratch32 scratch) {
    int patch = shape.patch();
    int filters = shape.filters();
    int positions = shape.outHeight() * shape.outWidth();
    for (int n = from; n < to; n++) {
      int image = dxOff + n * shape.inputSize();
      Arrays.fill(dx, image, image + shape.inputSize(), 0f);
      for (int p = 0; p < positions; p += POSITIONS) {
        int count = Math.min(POSITIONS, positions - p);
        float[] rows = scratch.values(PATCH_SLOT, POSITIONS * patch);
        int at = dyOff + (n * positions + p) * filters;
        matmul.multiply(
            false,
            true,
            count,
            patch,
            filters,
            dy,
            at,
            filters,
            w,
            wOff,
            filters,
            rows,
            0,
            patch,
            Epilogue32.PLAIN,
            0,
            count,
            0,
            patch,
            scratch);
        scatter(shape, rows, p, count, dx, image);
      }
    }
  }

  /// Computes the gradients with respect to filters `[filterFrom, filterTo)` of w and of the bias,
  /// summed over `batch` images in their order; `db` may be null.
  public void weightGradient(
      Conv2dShape shape,
      int batch,
      float[] x,
      int xOff,
      float[] dy,
      int dyOff,
      float[] dw,
      int dwOff,
      float[] db,
      int dbOff,
      int filterFrom,
      int filterTo,
      Scratch32 scratch) {
    int patch = shape.patch();
    int filters = shape.filters();
    int positions = shape.outHeight() * shape.outWidth();
    for (int i = 0; i < patch; i++) {
      Arrays.fill(dw, dwOff + i * filters + filterFrom, dwOff + i * filters + filterTo, 0f);
    }
    if (db != null) {
      Arrays.fill(db, dbOff + filterFrom, dbOff + filterTo, 0f);
      for (int p = 0, at = dyOff; p < batch * positions; p++, at += filters) {
        for (int f = filterFrom; f < filterTo; f++) {
          db[dbOff + f] += dy[at + f];
        }
      }
    }
    for (int n = 0; n < batch; n++) {
      for (int p = 0; p < positions; p += POSITIONS) {
        int count = Math.min(POSITIONS, positions - p);
        float[] rows = scratch.values(PATCH_SLOT, POSITIONS * patch);
        gather(shape, x, xOff + n * shape.inputSize(), p, count, rows);
        int at = dyOff + (n * positions + p) * filters;
        matmul.multiply(
            true,
            false,
            patch,
            filters,
            count,
            rows,
            0,
            patch,
            dy,
            at,
            filters,
            dw,
            dwOff,
            filters,
            Epilogue32.ACCUMULATE,
            0,
            patch,
            filterFrom,
            filterTo,
            scratch);
      }
    }
  }

  /// Computes images `[from, to)` of the maximum over windows of `size` by `size`, and where it
  /// lies.
  ///
  /// x (N, height, width, channels); y and argmax (N, height / size, width / size, channels).
  /// argmax is the index row * width + column of the first maximum in scan order; NaN wins.
  public void maxPool(
      int height,
      int width,
      int channels,
      int size,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      int[] argmax,
      int argmaxOff,
      int from,
      int to) {
    int outHeight = height / size;
    int outWidth = width / size;
    for (int n = from; n < to; n++) {
      int image = xOff + n * height * width * channels;
      for (int row = 0; row < outHeight; row++) {
        for (int col = 0; col < outWidth; col++) {
          int out = ((n * outHeight + row) * outWidth + col) * channels;
          for (int k = 0; k < size * size; k++) {
            int pixel = (row * size + k / size) * width + col * size + k % size;
            int in = image + pixel * channels;
            for (int c = 0; c < channels; c++) {
              float value = x[in + c];
              if (k == 0 || value > y[yOff + out + c] || value != value) {
                y[yOff + out + c] = value;
                argmax[argmaxOff + out + c] = pixel;
              }
            }
          }
        }
      }
    }
  }

  /// Computes images `[from, to)` of the gradient of [#maxPool] with respect to x.
  public void maxPoolGradient(
      int height,
      int width,
      int channels,
      int size,
      float[] dy,
      int dyOff,
      int[] argmax,
      int argmaxOff,
      float[] dx,
      int dxOff,
      int from,
      int to) {
    int windows = (height / size) * (width / size);
    int image = height * width * channels;
    for (int n = from; n < to; n++) {
      int in = dxOff + n * image;
      Arrays.fill(dx, in, in + image, 0f);
      for (int p = n * windows; p < (n + 1) * windows; p++) {
        for (int c = 0; c < channels; c++) {
          int at = p * channels + c;
          dx[in + argmax[argmaxOff + at] * channels + c] = dy[dyOff + at];
        }
      }
    }
  }

  /// Writes the patches of output positions `[first, first + count)`, one a row, zeros where they
  /// leave the image.
  private static void gather(
      Conv2dShape s, float[] x, int image, int first, int count, float[] rows) {
    int run = s.kernelWidth() * s.channels();
    int at = 0;
    for (int p = first; p < first + count; p++) {
      int top = p / s.outWidth() * s.stride() - s.padding();
      int left = p % s.outWidth() * s.stride() - s.padding();
      int from = Math.max(0, -left);
      int to = Math.min(s.kernelWidth(), s.width() - left);
      for (int r = 0; r < s.kernelHeight(); r++, at += run) {
        int row = top + r;
        if (row < 0 || row >= s.height() || from >= to) {
          Arrays.fill(rows, at, at + run, 0f);
          continue;
        }
        Arrays.fill(rows, at, at + from * s.channels(), 0f);
        int source = image + (row * s.width() + left + from) * s.channels();
        System.arraycopy(x, source, rows, at + from * s.channels(), (to - from) * s.channels());
        Arrays.fill(rows, at + to * s.channels(), at + run, 0f);
      }
    }
  }

  /// Adds the patches of output positions `[first, first + count)` to the image they came from.
  private static void scatter(
      Conv2dShape s, float[] rows, int first, int count, float[] dx, int image) {
    int run = s.kernelWidth() * s.channels();
    int at = 0;
    for (int p = first; p < first + count; p++) {
      int top = p / s.outWidth() * s.stride() - s.padding();
      int left = p % s.outWidth() * s.stride() - s.padding();
      int from = Math.max(0, -left);
      int to = Math.min(s.kernelWidth(), s.width() - left);
      for (int r = 0; r < s.kernelHeight(); r++, at += run) {
        int row = top + r;
        if (row < 0 || row >= s.height() || from >= to) {
          continue;
        }
        int target = image + (row * s.width() + left) * s.channels();
        for (int t = from * s.channels(); t < to * s.channels(); t++) {
          dx[target + t] += rows[at + t];
        }
      }
    }
  }
}
