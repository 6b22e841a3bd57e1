package org.amortis.io;

import java.util.Optional;

/// The kind of number an array file holds.
public enum ElementType {
  BOOL(1, 'b', "BOOL"),
  INT8(1, 'i', "I8"),
  INT16(2, 'i', "I16"),
  INT32(4, 'i', "I32"),
  INT64(8, 'i', "I64"),
  UINT8(1, 'u', "U8"),
  UINT16(2, 'u', "U16"),
  UINT32(4, 'u', "U32"),
  UINT64(8, 'u', "U64"),
  FLOAT16(2, 'f', "F16"),
  /// The upper half of a float32; known to safetensors only.
  BFLOAT16(2, '\0', "BF16"),
  FLOAT32(4, 'f', "F32"),
  FLOAT64(8, 'f', "F64");

  private final int size;
  private final char npyKind;
  private final String safetensorsName;

  ElementType(int size, char npyKind, String safetensorsName) {
    this.size = size;
    this.npyKind = npyKind;
    this.safetensorsName = safetensorsName;
  }

  /// Bytes of one element.
  public int size() {
    return size;
  }

  /// Whether the elements are floating-point numbers.
  public boolean isFloating() {
    return this == FLOAT16 || this == BFLOAT16 || this == FLOAT32 || this == FLOAT64;
  }

  /// The name in a safetensors header, for example `F32`.
  String safetensorsName() {
    return safetensorsName;
  }

  /// NumPy's little-endian description, for example `<f4`; single bytes have no order, `|u1`.
  String npyDescription() {
    return (size == 1 ? "|" : "<") + npyKind + size;
  }

  static Optional<ElementType> ofNpy(char kind, int size) {
    for (ElementType type : values()) {
      if (type.npyKind == kind && type.size == size) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  static Optional<ElementType> ofSafetensors(String name) {
    for (ElementType type : values()) {
      if (type.safetensorsName.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
