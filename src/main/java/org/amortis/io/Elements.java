package org.amortis.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Turns the bytes of array elements into numbers and back, in pieces of bounded size.
final class Elements {
  private static final int PIECE = 1 << 16; // bytes; a multiple of every element size

  private Elements() {}

  /// Reads `count` elements that start at byte `offset` of `place`.
  static Object decode(
      InputStream in, ElementType type, ByteOrder order, int count, String place, long offset)
      throws IOException {
    Object values = NpyArray.allocate(type, count, place);
    byte[] piece = new byte[(int) Math.min(PIECE, (long) count * type.size())];
    int done = 0;
    while (done < count) {
      int n = Math.min(count - done, piece.length / type.size());
      int bytes = n * type.size();
      int got = in.readNBytes(piece, 0, bytes);
      if (got < bytes) {
        throw Fault.at(
            place,
            offset + (long) done * type.size() + got,
            "the data end early",
            count + " elements");
      }
      store(ByteBuffer.wrap(piece, 0, bytes).order(order), type, values, done, n);
      if (type == ElementType.BOOL) {
        checkBooleans((long[]) values, done, n, place, offset);
      }
      done += n;
    }
    return values;
  }

  private static void store(ByteBuffer from, ElementType type, Object values, int at, int n) {
    switch (type) {
      case FLOAT32 -> from.asFloatBuffer().get((float[]) values, at, n);
      case FLOAT64 -> from.asDoubleBuffer().get((double[]) values, at, n);
      case INT64, UINT64 -> from.asLongBuffer().get((long[]) values, at, n);
      case FLOAT16 -> {
        float[] out = (float[]) values;
        for (int i = 0; i < n; i++) {
          out[at + i] = Float.float16ToFloat(from.getShort());
        }
      }
      case BFLOAT16 -> {
        float[] out = (float[]) values;
        for (int i = 0; i < n; i++) {
          out[at + i] = Float.intBitsToFloat(from.getShort() << 16);
        }
      }
      case BOOL, INT8, INT16, INT32, UINT8, UINT16, UINT32 -> {
        long[] out = (long[]) values;
        for (int i = 0; i < n; i++) {
          out[at + i] = whole(from, type);
        }
      }
    }
  }

  private static long whole(ByteBuffer from, ElementType type) {
    return switch (type) {
      case BOOL, UINT8 -> from.get() & 0xFFL;
      case INT8 -> from.get();
      case UINT16 -> from.getShort() & 0xFFFFL;
      case INT16 -> from.getShort();
      case UINT32 -> from.getInt() & 0xFFFFFFFFL;
      case INT32 -> from.getInt();
      case INT64, UINT64 -> from.getLong();
      case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> throw new IllegalArgumentException(type.name());
    };
  }

  private static void checkBooleans(long[] values, int at, int n, String place, long offset) {
    for (int i = at; i < at + n; i++) {
      if (values[i] > 1) {
        throw Fault.at(place, offset + i, "boolean of value " + values[i], "0 or 1");
      }
    }
  }

  /// Writes all elements, little-endian, in row-major order.
  static void encode(NpyArray array, OutputStream out) throws IOException {
    ElementType type = array.type();
    int count = array.size();
    ByteBuffer piece = ByteBuffer.allocate(PIECE).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < count; ) {
      int n = Math.min(count - done, PIECE / type.size());
      piece.clear();
      load(array, done, n, piece);
      out.write(piece.array(), 0, n * type.size());
      done += n;
    }
  }

  private static void load(NpyArray array, int at, int n, ByteBuffer to) {
    switch (array.type()) {
      case FLOAT32 -> to.asFloatBuffer().put((float[]) array.values(), at, n);
      case FLOAT64 -> to.asDoubleBuffer().put((double[]) array.values(), at, n);
      case INT64, UINT64 -> to.asLongBuffer().put((long[]) array.values(), at, n);
      case FLOAT16 -> {
        float[] from = (float[]) array.values();
        for (int i = at; i < at + n; i++) {
          to.putShort(Float.floatToFloat16(from[i]));
        }
      }
      case BFLOAT16 -> {
        float[] from = (float[]) array.values();
        for (int i = at; i < at + n; i++) {
          to.putShort((short) (Float.floatToRawIntBits(from[i]) >>> 16));
        }
      }
      case BOOL, INT8, INT16, INT32, UINT8, UINT16, UINT32 -> {
        long[] from = (long[]) array.values();
        for (int i = at; i < at + n; i++) {
          switch (array.type().size()) {
            case 1 -> to.put((byte) from[i]);
            case 2 -> to.putShort((short) from[i]);
            default -> to.putInt((int) from[i]);
          }
        }
      }
    }
  }

  /// The same elements from column-major (Fortran) into row-major order; `values` is not modified.
  static Object rowMajor(Object values, ElementType type, int[] shape, String place) {
    int rank = shape.length;
    int count = java.lang.reflect.Array.getLength(values);
    if (rank < 2 || count == 0) {
      return values;
    }
    Object out = NpyArray.allocate(type, count, place);
    int last = shape[rank - 1];
    int stride = count / last;
    int[] index = new int[rank - 1];
    for (int start = 0; start < count; start += last) {
      int from = 0;
      for (int axis = rank - 2; axis >= 0; axis--) {
        from = from * shape[axis] + index[axis];
      }
      gather(values, from, stride, out, start, last);
      for (int axis = rank - 2; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
        index[axis] = 0;
      }
    }
    return out;
  }

  private static void gather(Object from, int first, int stride, Object to, int start, int n) {
    for (int j = 0; j < n; j++) {
      int source = first + j * stride;
      switch (from) {
        case float[] f -> ((float[]) to)[start + j] = f[source];
        case double[] d -> ((double[]) to)[start + j] = d[source];
        default -> ((long[]) to)[start + j] = ((long[]) from)[source];
      }
    }
  }
}
