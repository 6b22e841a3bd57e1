package org.amortis.studies.gp;

import java.util.List;
import org.amortis.engine.device.Device;
import org.amortis.inference.Observations;
import org.amortis.nn.train.Trained;

/// A method that sees a field through one summary, whose law given theta is a Gaussian of its own
/// mean and scale: its binding function.
interface SummaryMethod extends Method {
  /// The summary of each field, `(n,)`, on the scale of the binding function.
  double[] summaries(Observations fields, List<Trained> networks, Device device);

  /// Mean and standard deviation of the summary at each theta.
  Binding binding(double[] theta, List<Trained> networks, Device device);

  /// A binding function at points.
  ///
  /// @param mean `(g,)`
  /// @param deviation `(g,)`
  record Binding(double[] mean, double[] deviation) {}
}
