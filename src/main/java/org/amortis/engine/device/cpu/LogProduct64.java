package org.amortis.engine.device.cpu;

/// The logarithm of a product of positive normal numbers from one logarithm, with no overflow or
/// underflow on the way.
///
/// Holds the product as m 2^e, 1 <= m < 2. The relative error of m is at most half an ulp a factor.
public final class LogProduct64 {
  private static final double LN2 = 0.6931471805599453;
  private static final long FRACTION = 0x000FFFFFFFFFFFFFL;
  private static final long ONE = 0x3FF0000000000000L;
  private double mantissa = 1;
  private long exponent;

  /// Goes back to the empty product.
  public void clear() {
    mantissa = 1;
    exponent = 0;
  }

  /// Multiplies by x, a positive normal number below 2^1023.
  public void multiply(double x) {
    long bits = Double.doubleToRawLongBits(mantissa * x);
    mantissa = Double.longBitsToDouble(bits & FRACTION | ONE);
    exponent += (bits >>> 52) - 1023;
  }

  /// Logarithm of the product.
  public double log() {
    return log(mantissa, exponent);
  }

  /// Logarithm of m 2^e.
  public static double log(double m, double e) {
    return StrictMath.log(m) + e * LN2;
  }
}
