package org.amortis.report;

/// What one method costs.
///
/// @param method name of the method
/// @param trainSeconds seconds of training, 0 for a method that does not train, NaN if unknown
/// @param secondsPerField seconds from one field to its posterior draws, NaN if unknown
public record Cost(String method, double trainSeconds, double secondsPerField) {
  /// Seconds for `fields` fields, training included.
  public double total(double fields) {
    return trainSeconds + fields * secondsPerField;
  }

  /// Number of fields from which this method is cheaper than `other`, infinite if it never is.
  ///
  /// `(train - other.train) / (other.perField - perField)`, at least 1; NaN if a cost is unknown.
  public double breakEven(Cost other) {
    double ahead = trainSeconds - other.trainSeconds;
    double saved = other.secondsPerField - secondsPerField;
    if (Double.isNaN(ahead) || Double.isNaN(saved)) {
      return Double.NaN;
    }
    if (saved <= 0) {
      return Double.POSITIVE_INFINITY;
    }
    return Math.max(1, ahead / saved);
  }
}
