package org.amortis.report;

import java.util.List;

/// Training and validation risk of every network, epoch by epoch.
///
/// @param curves one a network
public record LossCurves(List<Curve> curves) implements Block {
  /// Copies the curves.
  public LossCurves {
    curves = List.copyOf(curves);
  }

  /// The risks of one network after epochs 1, 2, ...; either array may be empty or hold NaN.
  ///
  /// @param method method the network belongs to
  /// @param network which of its networks, empty if it has one
  /// @param train (epochs) mean training loss
  /// @param validation (epochs) validation loss
  public record Curve(String method, String network, double[] train, double[] validation) {}
}
