package org.amortis.inference.mcmc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Whether the chains of a run can be taken for draws from the posteriors: for each data set and
/// for all of them.
///
/// Source of the limits: Vehtari, Gelman, Simpson, Carpenter and Buerkner (2021), section 4.
///
/// @param limits what was asked for
/// @param dataSets one entry a data set, in order
public record Verdict(Limits limits, List<DataSet> dataSets) {
  /// What chains must reach.
  ///
  /// @param rHat largest R-hat; of the halves of a chain when a data set has only one
  /// @param ess smallest effective sample size a chain, bulk and tail
  /// @param acceptance smallest share of accepted proposals of any chain
  public record Limits(double rHat, double ess, double acceptance) {
    /// R-hat 1.01, 100 effective draws a chain, 1 % acceptance.
    public static Limits standard() {
      return new Limits(1.01, 100, 0.01);
    }
  }

  /// The chains of one data set: over its parameters the largest R-hat and the smallest effective
  /// sample sizes, and over its chains the smallest acceptance.
  ///
  /// @param rHat largest R-hat of a parameter
  /// @param essBulk smallest bulk effective sample size of a parameter, all chains together
  /// @param essTail smallest tail effective sample size, likewise
  /// @param acceptance smallest share of accepted proposals of a chain
  /// @param reasons what falls short; empty when the chains have converged
  public record DataSet(
      double rHat, double essBulk, double essTail, double acceptance, List<String> reasons) {
    /// Copies the reasons.
    public DataSet {
      reasons = List.copyOf(reasons);
    }

    /// Whether nothing falls short.
    public boolean converged() {
      return reasons.isEmpty();
    }
  }

  /// Copies the list.
  public Verdict {
    dataSets = List.copyOf(dataSets);
  }

  /// The verdict at the standard limits.
  public static Verdict of(Chains run) {
    return of(run, Limits.standard());
  }

  /// The verdict at the given limits.
  public static Verdict of(Chains run, Limits limits) {
    List<DataSet> all = new ArrayList<>();
    for (int f = 0; f < run.count(); f++) {
      all.add(dataSet(run, f, limits));
    }
    return new Verdict(limits, all);
  }

  private static DataSet dataSet(Chains run, int f, Limits limits) {
    List<String> reasons = new ArrayList<>();
    double worstRHat = Double.NEGATIVE_INFINITY;
    double worstBulk = Double.POSITIVE_INFINITY;
    double worstTail = Double.POSITIVE_INFINITY;
    double least = limits.ess() * run.chains();
    for (int j = 0; j < run.parameters(); j++) {
      double[] x = Convergence.draws(run, f, j);
      double rHat = Convergence.rHatOfHalves(x, run.chains());
      double bulk = Convergence.essBulk(x, run.chains());
      double tail = Convergence.essTail(x, run.chains());
      String parameter = run.parameters() == 1 ? "" : " of parameter " + j;
      // Written so that NaN falls short.
      if (!(rHat <= limits.rHat())) {
        reasons.add(text("R-hat%s %.3f above %s", parameter, rHat, limits.rHat()));
      }
      if (!(bulk >= least)) {
        reasons.add(text("bulk ESS%s %.0f below %.0f", parameter, bulk, least));
      }
      if (!(tail >= least)) {
        reasons.add(text("tail ESS%s %.0f below %.0f", parameter, tail, least));
      }
      worstRHat = StrictMath.max(worstRHat, rHat);
      worstBulk = StrictMath.min(worstBulk, bulk);
      worstTail = StrictMath.min(worstTail, tail);
    }
    double acceptance = Double.POSITIVE_INFINITY;
    for (int c = f * run.chains(); c < (f + 1) * run.chains(); c++) {
      acceptance = StrictMath.min(acceptance, run.acceptance()[c]);
    }
    if (!(acceptance >= limits.acceptance())) {
      reasons.add(text("acceptance %.3f below %s", acceptance, limits.acceptance()));
    }
    return new DataSet(worstRHat, worstBulk, worstTail, acceptance, reasons);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /// Whether the chains of every data set have converged.
  public boolean converged() {
    return failed().isEmpty();
  }

  /// Indices of the data sets whose chains have not.
  public List<Integer> failed() {
    List<Integer> failed = new ArrayList<>();
    for (int f = 0; f < dataSets.size(); f++) {
      if (!dataSets.get(f).converged()) {
        failed.add(f);
      }
    }
    return failed;
  }

  /// The verdict in one line, with the first data set that falls short and why.
  public String line() {
    double rHat = Double.NEGATIVE_INFINITY;
    double ess = Double.POSITIVE_INFINITY;
    for (DataSet d : dataSets) {
      rHat = StrictMath.max(rHat, d.rHat());
      ess = StrictMath.min(ess, StrictMath.min(d.essBulk(), d.essTail()));
    }
    List<Integer> failed = failed();
    String line =
        text(
            "converged: %,d of %,d data sets; largest R-hat %.3f, smallest ESS %.0f",
            dataSets.size() - failed.size(), dataSets.size(), rHat, ess);
    return failed.isEmpty()
        ? line
        : line
            + "; first not: data set "
            + failed.getFirst()
            + " ("
            + String.join(", ", dataSets.get(failed.getFirst()).reasons())
            + ")";
  }
}
