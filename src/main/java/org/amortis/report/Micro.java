package org.amortis.report;

import java.util.List;

/// A few fields shown whole, each with the posterior densities of all methods.
///
/// @param parameter name of the parameter as shown, for example `θ`
/// @param lower lower end of the prior
/// @param upper upper end of the prior
/// @param fields the fields, left to right
public record Micro(String parameter, double lower, double upper, List<Field> fields)
    implements Block {
  /// Copies the fields.
  ///
  /// @throws IllegalArgumentException unless lower is below upper
  public Micro {
    if (!(lower < upper)) {
      throw new IllegalArgumentException("prior needs lower < upper: " + lower + ", " + upper);
    }
    fields = List.copyOf(fields);
  }

  /// One field and what each method makes of it.
  ///
  /// @param values (rows of s1, columns of s2) the field
  /// @param theta the parameter the field was simulated with
  /// @param grid (g) cell midpoints of the exact posterior, equally spaced; empty if there is none
  /// @param logDensity (g) its log density up to a constant
  /// @param draws posterior draws of each method
  /// @param estimates point estimates of methods that give no draws
  public record Field(
      float[][] values,
      double theta,
      double[] grid,
      double[] logDensity,
      List<Draws> draws,
      List<Estimate> estimates) {
    /// Copies the lists.
    ///
    /// @throws IllegalArgumentException when grid and log density differ in length
    public Field {
      if (grid.length != logDensity.length) {
        throw new IllegalArgumentException(
            "exact posterior: " + grid.length + " cells, " + logDensity.length + " log densities");
      }
      draws = List.copyOf(draws);
      estimates = List.copyOf(estimates);
    }
  }

  /// Posterior draws of one method; draws that are not finite are left out.
  ///
  /// @param method name of the method
  /// @param values (draws) parameter values inside the prior
  public record Draws(String method, double[] values) {}

  /// A point estimate of one method.
  ///
  /// @param method name of the method
  /// @param value in natural units
  public record Estimate(String method, double value) {}
}
