package org.amortis.engine.math;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.amortis.engine.device.cpu.scalar.Polynomials32;
import org.amortis.engine.device.cpu.scalar.Polynomials64;

/// The accuracy contract: one row a function and type, with the largest error in units in the last
/// place it may have on its table, and for float functions also on a sweep over all exponents.
enum Accuracy {
  EXP("exp", Special::exp, 1.0),
  EXPM1("expm1", Special::expm1, 1.5),
  LOG("log", Special::log, 1.0),
  LOG1P("log1p", Special::log1p, 1.5),
  TANH("tanh", Special::tanh, 2.0),
  SIGMOID("sigmoid", Special::sigmoid, 2.0),
  SOFTPLUS("softplus", Special::softplus, 2.0),
  LOG_SIGMOID("logSigmoid", Special::logSigmoid, 2.0),
  ERF("erf", Special::erf, 1.5),
  ERFC("erfc", Special::erfc, 4.0),
  NORMAL_CDF("normalCdf", Special::normalCdf, 4.0),
  NORMAL_LOG_CDF("normalLogCdf", Special::normalLogCdf, 4.0),
  NORMAL_QUANTILE("normalQuantile", Special::normalQuantile, 4.0),
  LGAMMA("lgamma", Special::lgamma, 4.0),
  DIGAMMA("digamma", Special::digamma, 4.0),
  BESSEL_K("besselK", Bessel::k, 24.0),
  MATERN("matern", Bessel::matern, 24.0),

  KERNEL64_EXP("exp", Polynomials64::exp, 1.0),
  KERNEL64_EXPM1("expm1", Polynomials64::expm1, 2.0),
  KERNEL64_LOG("log", Polynomials64::log, 1.0),
  KERNEL64_LOG1P("log1p", Polynomials64::log1p, 1.5),
  KERNEL64_TANH("tanh", Polynomials64::tanh, 2.5),
  KERNEL64_SIGMOID("sigmoid", Polynomials64::sigmoid, 2.5),
  KERNEL64_SOFTPLUS("softplus", Polynomials64::softplus, 2.0),
  KERNEL64_ERF("erf", Polynomials64::erf, 2.5),
  KERNEL64_NORMAL_CDF("normalCdf", Polynomials64::normalCdf, 5.0),
  KERNEL64_NORMAL_QUANTILE("normalQuantile", Polynomials64::normalQuantile, 5.0),

  KERNEL32_EXP("exp", Polynomials32::exp, Special::exp, 1.0),
  KERNEL32_EXPM1("expm1", Polynomials32::expm1, Special::expm1, 2.0),
  KERNEL32_LOG("log", Polynomials32::log, Special::log, 1.0),
  KERNEL32_LOG1P("log1p", Polynomials32::log1p, Special::log1p, 1.5),
  KERNEL32_TANH("tanh", Polynomials32::tanh, Special::tanh, 2.5),
  KERNEL32_SIGMOID("sigmoid", Polynomials32::sigmoid, Special::sigmoid, 2.5),
  KERNEL32_SOFTPLUS("softplus", Polynomials32::softplus, Special::softplus, 2.0),
  KERNEL32_ERF("erf", Polynomials32::erf, Special::erf, 2.5),
  KERNEL32_NORMAL_CDF("normalCdf", Polynomials32::normalCdf, Special::normalCdf, 5.0),
  KERNEL32_NORMAL_QUANTILE(
      "normalQuantile", Polynomials32::normalQuantile, Special::normalQuantile, 5.0);

  /// A float function of a float.
  interface FloatFunction {
    float apply(float x);
  }

  final String function;
  final DoubleUnaryOperator wide;
  final DoubleBinaryOperator pair;
  final FloatFunction narrow;
  final DoubleUnaryOperator reference;
  final double maxUlp;

  Accuracy(String function, DoubleUnaryOperator wide, double maxUlp) {
    this.function = function;
    this.wide = wide;
    this.pair = null;
    this.narrow = null;
    this.reference = null;
    this.maxUlp = maxUlp;
  }

  Accuracy(String function, DoubleBinaryOperator pair, double maxUlp) {
    this.function = function;
    this.wide = null;
    this.pair = pair;
    this.narrow = null;
    this.reference = null;
    this.maxUlp = maxUlp;
  }

  Accuracy(String function, FloatFunction narrow, DoubleUnaryOperator reference, double maxUlp) {
    this.function = function;
    this.wide = null;
    this.pair = null;
    this.narrow = narrow;
    this.reference = reference;
    this.maxUlp = maxUlp;
  }

  boolean isFloat() {
    return narrow != null;
  }

  String where() {
    return pair != null ? "Bessel" : name().startsWith("KERNEL") ? "CPU kernels" : "Special";
  }
}
