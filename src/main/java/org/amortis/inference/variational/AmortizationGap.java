package org.amortis.inference.variational;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.amortis.engine.Cancellation;
import org.amortis.engine.Progress;
import org.amortis.engine.device.Device;
import org.amortis.inference.likelihood.BatchLikelihood;
import org.amortis.inference.posterior.AmortizedPosterior;
import org.amortis.io.Json;
import org.amortis.nn.train.Dataset;

/// Says for each data set whether its amortized posterior can be trusted, and what refining it
/// changed.
///
/// Amortized and refined posterior are both importance-sampled; the refined, weighted draws are the
/// reference. The amortization gap is how much the evidence lower bound rises when the variational
/// parameters are fitted to one data set (Cremer, Li and Duvenaud 2018). A refinement that lowers
/// the bound is discarded.
///
/// @param rows one a data set
/// @param thresholds what the verdicts were made with
/// @param refined the posteriors after refinement
/// @param draws weighted draws of these
public record AmortizationGap(
    List<Row> rows, Thresholds thresholds, LocalPosterior refined, WeightedDraws draws) {

  /// What to do about a data set.
  public enum Verdict {
    /// Use the amortized posterior.
    TRUST("trust"),
    /// Use the refined, weighted draws: they are reliable, and the amortized posterior is not or
    /// lies elsewhere.
    REFINE("refine"),
    /// The refined posterior is no reliable proposal either; run a Markov chain.
    DO_NOT_TRUST("do not trust");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    /// As printed.
    public String words() {
      return words;
    }
  }

  /// Largest values with which an amortized posterior is trusted. With 1,000 draws a shift of the
  /// mean has a Monte Carlo error of some 0.05 and one of an interval's end of some 0.1, so the
  /// standard bounds are four and three of these.
  ///
  /// @param k k-hat, for amortized and refined posterior
  /// @param meanShift shift of the mean in posterior standard deviations
  /// @param intervalShift shift of the ends of the central 90 % interval, likewise
  public record Thresholds(double k, double meanShift, double intervalShift) {
    /// `min(1 - 1 / log10(draws), 0.7)` (Vehtari et al. 2024), 0.2 and 0.3.
    public static Thresholds standard(int draws) {
      return new Thresholds(ParetoSmoothing.threshold(draws), 0.2, 0.3);
    }
  }

  /// One data set.
  ///
  /// @param bound evidence lower bound of the amortized posterior
  /// @param refinedBound the same of the refined one; the difference is the amortization gap
  /// @param logEvidence importance-sampling estimate from the refined posterior
  /// @param k k-hat of the amortized posterior
  /// @param refinedK k-hat of the refined one
  /// @param ess effective number of weighted draws of the amortized posterior
  /// @param refinedEss the same of the refined one
  /// @param meanShift largest shift of a parameter's mean, amortized to refined and weighted, in
  ///   posterior standard deviations
  /// @param intervalShift largest shift of an end of a parameter's central 90 % interval, likewise
  /// @param verdict what to do about it
  public record Row(
      double bound,
      double refinedBound,
      double logEvidence,
      double k,
      double refinedK,
      double ess,
      double refinedEss,
      double meanShift,
      double intervalShift,
      Verdict verdict) {
    /// Rise of the evidence lower bound.
    public double gap() {
      return refinedBound - bound;
    }
  }

  /// Copies the rows.
  public AmortizationGap {
    rows = List.copyOf(rows);
  }

  /// The report with standard settings: 1,000 draws a data set.
  ///
  /// @param q the amortized posterior
  /// @param data column `data` and what the likelihood reads
  /// @param likelihood of the data sets, exact or learned
  /// @throws org.amortis.engine.Failure DATA where a likelihood is NaN or all of a data set's are
  ///   zero
  public static AmortizationGap of(
      AmortizedPosterior q, Dataset data, BatchLikelihood likelihood, long seed, Device device) {
    return of(
        q,
        data,
        likelihood,
        Refinement.standard(),
        1_000,
        Thresholds.standard(1_000),
        seed,
        device,
        Progress.NONE,
        Cancellation.create());
  }

  /// The report.
  ///
  /// @param refinement how each data set's parameters are fitted
  /// @param draws draws a data set, before and after
  /// @param thresholds of the verdicts
  /// @throws org.amortis.engine.Failure DATA where a likelihood is NaN or all of a data set's are
  ///   zero
  /// @throws Cancellation.Cancelled once a stop was requested
  public static AmortizationGap of(
      AmortizedPosterior q,
      Dataset data,
      BatchLikelihood likelihood,
      Refinement refinement,
      int draws,
      Thresholds thresholds,
      long seed,
      Device device,
      Progress progress,
      Cancellation cancellation) {
    ImportanceSampling sampling = new ImportanceSampling(device, progress, cancellation);
    LocalPosterior start = LocalPosterior.of(q, data, device);
    WeightedDraws before = sampling.sample(start, likelihood, draws, seed);
    LocalPosterior moved =
        refinement.refine(start, likelihood, seed, device, progress, cancellation);
    // The same noise before and after, so that bounds are compared pairwise.
    WeightedDraws trial = sampling.sample(moved, likelihood, draws, seed);
    boolean[] better = new boolean[start.count()];
    for (int i = 0; i < better.length; i++) {
      better[i] = trial.lowerBound(i) > before.lowerBound(i);
    }
    LocalPosterior refined = start.or(moved, better);
    WeightedDraws after = before.or(trial, better);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < better.length; i++) {
      rows.add(row(before, after, i, thresholds));
    }
    return new AmortizationGap(rows, thresholds, refined, after);
  }

  private static Row row(WeightedDraws before, WeightedDraws after, int i, Thresholds limit) {
    double mean = 0;
    double interval = 0;
    for (int j = 0; j < before.parameters(); j++) {
      double sd = after.sd(i, j);
      mean = StrictMath.max(mean, StrictMath.abs(before.plainMean(i, j) - after.mean(i, j)) / sd);
      double[] was = before.quantiles(i, j, false, 0.05, 0.95);
      double[] is = after.quantiles(i, j, 0.05, 0.95);
      for (int end = 0; end < 2; end++) {
        interval = StrictMath.max(interval, StrictMath.abs(was[end] - is[end]) / sd);
      }
    }
    double k = before.k()[i];
    double refinedK = after.k()[i];
    Verdict verdict;
    if (!(refinedK <= limit.k)) {
      verdict = Verdict.DO_NOT_TRUST;
    } else if (k <= limit.k && mean <= limit.meanShift && interval <= limit.intervalShift) {
      verdict = Verdict.TRUST;
    } else {
      verdict = Verdict.REFINE;
    }
    return new Row(
        before.lowerBound(i),
        after.lowerBound(i),
        after.logEvidence(i),
        k,
        refinedK,
        before.ess(i),
        after.ess(i),
        mean,
        interval,
        verdict);
  }

  /// Number of data sets with a verdict.
  public int count(Verdict verdict) {
    return (int) rows.stream().filter(r -> r.verdict == verdict).count();
  }

  /// The report as a table for a terminal: a line a data set and a summary.
  public String table() {
    StringBuilder s = new StringBuilder();
    String head = "%8s %10s %10s %8s %7s %7s %6s %6s %7s %9s  %s%n";
    s.append(
        String.format(
            Locale.ROOT,
            head,
            "data set",
            "bound",
            "refined",
            "gap",
            "k-hat",
            "refined",
            "ESS",
            "ref.",
            "mean +",
            "interval +",
            "verdict"));
    for (int i = 0; i < rows.size(); i++) {
      Row r = rows.get(i);
      s.append(
          String.format(
              Locale.ROOT,
              "%8d %10.3f %10.3f %8.3f %7.2f %7.2f %6.0f %6.0f %7.2f %10.2f  %s%n",
              i,
              r.bound,
              r.refinedBound,
              r.gap(),
              r.k,
              r.refinedK,
              r.ess,
              r.refinedEss,
              r.meanShift,
              r.intervalShift,
              r.verdict.words));
    }
    s.append(
        String.format(
            Locale.ROOT,
            "%d trust, %d refine, %d do not trust; trusted up to k-hat %.2f, shifts of the mean by"
                + " %.2f and of interval ends by %.2f posterior standard deviations%n",
            count(Verdict.TRUST),
            count(Verdict.REFINE),
            count(Verdict.DO_NOT_TRUST),
            thresholds.k,
            thresholds.meanShift,
            thresholds.intervalShift));
    return s.toString();
  }

  /// The report as JSON; numbers that are not finite become null.
  public Json.Obj json() {
    List<Json> all = new ArrayList<>();
    for (Row r : rows) {
      all.add(
          Json.Obj.empty()
              .with("bound", r.bound)
              .with("refined_bound", r.refinedBound)
              .with("gap", r.gap())
              .with("log_evidence", r.logEvidence)
              .with("k_hat", r.k)
              .with("refined_k_hat", r.refinedK)
              .with("ess", r.ess)
              .with("refined_ess", r.refinedEss)
              .with("mean_shift", r.meanShift)
              .with("interval_shift", r.intervalShift)
              .with("verdict", r.verdict.words));
    }
    Json.Obj limits =
        Json.Obj.empty()
            .with("k_hat", thresholds.k)
            .with("mean_shift", thresholds.meanShift)
            .with("interval_shift", thresholds.intervalShift);
    return Json.Obj.empty()
        .with("trust", count(Verdict.TRUST))
        .with("refine", count(Verdict.REFINE))
        .with("do_not_trust", count(Verdict.DO_NOT_TRUST))
        .with("thresholds", limits)
        .with("data_sets", new Json.Arr(all));
  }
}
