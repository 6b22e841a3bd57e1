package org.amortis.report;

import java.util.List;

/// Posterior mean against the true parameter over the test fields, one panel a method.
///
/// @param parameter name of the parameter as shown, for example `θ`
/// @param lower lower end of the prior
/// @param upper upper end of the prior
/// @param theta (fields) true values
/// @param methods what each method found
public record Recovery(
    String parameter, double lower, double upper, double[] theta, List<Estimates> methods)
    implements Block {
  /// Copies the list.
  ///
  /// @throws IllegalArgumentException when a method has not as many estimates as true values
  public Recovery {
    methods = List.copyOf(methods);
    for (Estimates m : methods) {
      if (m.mean.length != theta.length
          || m.q05.length != theta.length
          || m.q95.length != theta.length) {
        throw new IllegalArgumentException(
            m.method + ": estimates do not match the " + theta.length + " true values");
      }
    }
  }

  /// The estimates of one method; a NaN field is left out of its panel.
  ///
  /// @param method name of the method
  /// @param mean (fields) posterior means
  /// @param q05 (fields) 5 % quantiles
  /// @param q95 (fields) 95 % quantiles
  public record Estimates(String method, double[] mean, double[] q05, double[] q95) {}
}
