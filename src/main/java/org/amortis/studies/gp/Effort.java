package org.amortis.studies.gp;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.device.Device;
import org.amortis.engine.plan.Operations;
import org.amortis.engine.program.Program;
import org.amortis.inference.Observations;
import org.amortis.inference.mcmc.Metropolis;
import org.amortis.inference.posterior.AmortizedPosterior;

/// What amortized inference and MCMC cost in floating-point operations, and where training has paid
/// for itself.
///
/// Operations repeat on every machine, so they may stand in the report; seconds stand in run.json.
///
/// @param training operations of simulating the training pairs and fitting the network
/// @param amortizedPerField operations from a field to its draws by the network
/// @param mcmcDense operations of one Markov chain with the dense likelihood
/// @param mcmcLattice the same with the lattice's symmetries
record Effort(double training, double amortizedPerField, double mcmcDense, double mcmcLattice) {

  static Effort of(Budget budget, int epochs, Device device) {
    Observations two = Explanation.zeros(2);
    double chains = 2;
    double dense = mcmc(two, GaussianProcess.Form.DENSE, budget, device) / chains;
    double lattice = mcmc(two, GaussianProcess.Form.LATTICE, budget, device) / chains;
    Program step = Explanation.training(Models.fkl(), budget);
    double steps = (double) (budget.train() / 32) * epochs;
    double simulation =
        (budget.train() + budget.validation())
            * (Operations.of(GaussianProcess.simulator()) / 64.0);
    Program draw =
        AmortizedPosterior.samplingProgram(
            Models.fkl(), Training.layout(Models.fkl()), GaussianProcess.FIELD, 1, budget.draws());
    return new Effort(
        simulation + steps * Operations.of(step), Operations.of(draw), dense, lattice);
  }

  private static double mcmc(
      Observations fields, GaussianProcess.Form form, Budget budget, Device device) {
    Program step =
        Metropolis.program(
            GaussianProcess.PRIOR, GaussianProcess.likelihood(fields, form, device), budget.mcmc());
    return (double) Operations.of(step) * budget.mcmc().steps();
  }

  /// Fields after which training plus amortized inference has cost less than MCMC.
  double breakEven(double mcmc) {
    return mcmc <= amortizedPerField
        ? Double.POSITIVE_INFINITY
        : StrictMath.max(1, StrictMath.ceil(training / (mcmc - amortizedPerField)));
  }

  /// Points of total operations against fields, both as powers of ten.
  static double[][] curve(double fixed, double perField, int points, double lastPower) {
    double[] x = new double[points];
    double[] y = new double[points];
    for (int i = 0; i < points; i++) {
      x[i] = lastPower * i / (points - 1);
      y[i] = StrictMath.log10(fixed + perField * StrictMath.pow(10, x[i]));
    }
    return new double[][] {x, y};
  }

  static List<String> sentences(Effort e) {
    List<String> s = new ArrayList<>();
    s.add(
        "Break-even: after "
            + Text.count(e.breakEven(e.mcmcDense))
            + " fields, training and amortized inference together have taken fewer floating-point operations than"
            + " one Markov chain a field with the dense likelihood; against the lattice form of the likelihood,"
            + " which few models allow, after "
            + Text.count(e.breakEven(e.mcmcLattice))
            + ".");
    s.add(
        "Work is counted in operations because they repeat on every machine; seconds, and the break-even in"
            + " seconds, stand in run.json and on the terminal.");
    return s;
  }
}
