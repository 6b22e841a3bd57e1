package org.amortis.engine.device;

import org.amortis.engine.shape.Type;

/// Memory of a device that holds one tensor.
public interface Buffer {
  /// Element type and shape.
  Type type();

  /// Copies `type().size()` elements from the host, starting at `from`; converts to the element
  /// type.
  ///
  /// @throws IllegalArgumentException when the array is too short
  void write(float[] host, int from);

  /// Copies from the host, see [#write(float\[\], int)].
  void write(double[] host, int from);

  /// Copies from the host, see [#write(float\[\], int)].
  void write(int[] host, int from);

  /// Copies `type().size()` elements to the host, starting at `to`; converts from the element type.
  /// Waits until the runs that compute them are done.
  ///
  /// @throws IndexOutOfBoundsException when the array is too short
  void read(float[] host, int to);

  /// Copies to the host, see [#read(float\[\], int)].
  void read(double[] host, int to);

  /// Copies to the host, see [#read(float\[\], int)].
  void read(int[] host, int to);

  /// Copies from the start of an array, see [#write(float\[\], int)].
  default void write(float... host) {
    write(host, 0);
  }

  /// Copies from the start of an array, see [#write(float\[\], int)].
  default void write(double... host) {
    write(host, 0);
  }

  /// Copies from the start of an array, see [#write(float\[\], int)].
  default void write(int... host) {
    write(host, 0);
  }

  /// The elements as a fresh array.
  default float[] floats() {
    float[] host = new float[type().size()];
    read(host, 0);
    return host;
  }

  /// The elements as a fresh array.
  default double[] doubles() {
    double[] host = new double[type().size()];
    read(host, 0);
    return host;
  }

  /// The elements as a fresh array.
  default int[] ints() {
    int[] host = new int[type().size()];
    read(host, 0);
    return host;
  }
}
