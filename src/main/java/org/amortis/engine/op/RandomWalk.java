package org.amortis.engine.op;

import java.util.Arrays;
import java.util.List;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.ShapeException;
import org.amortis.engine.shape.Type;

/// One step of random-walk Metropolis-Hastings for C chains at once, around any log-density:
/// [Propose], the log-density of the candidates, [Accept], [Keep] (Metropolis et al. 1953; Hastings
/// 1970).
///
/// The key `i32(3,)` is the draws' own: low and high word of the seed, and the step counted from 0.
/// Everything that changes from step to step follows from it, so steps need nothing from the host.
public sealed interface RandomWalk extends Update {

  private static ShapeException expects(String op, String what, List<Type> in) {
    return new ShapeException(op, "needs " + what + ", found " + in);
  }

  /// Points `(C, p)` of floats.
  private static boolean points(Type t) {
    return t.shape().rank() == 2 && t.dtype().isFloat();
  }

  private static Type chains(Type points) {
    return points.with(Shape.of(points.shape().dim(0)));
  }

  /// Candidates `theta' = theta + s eta`, eta standard normal: those inside the open box (low,
  /// high); elsewhere NaN, which costs a log-density nothing and is never accepted.
  ///
  /// Operands: theta `(C, p)`, scale s `(C,)`, key. Results: candidates `(C, p)`, and 1 where one
  /// is inside `(C,)`.
  ///
  /// @param stream of the draws
  /// @param low lower bound of each parameter, minus infinity for none
  /// @param high upper bound of each parameter, infinity for none
  record Propose(int stream, List<Double> low, List<Double> high) implements RandomWalk {
    /// Copies the bounds.
    public Propose {
      low = List.copyOf(low);
      high = List.copyOf(high);
    }

    @Override
    public String name() {
      return "propose";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Type theta = in.get(0);
      if (!points(theta)
          || theta.shape().dim(1) != low.size()
          || low.size() != high.size()
          || !in.get(1).equals(chains(theta))
          || !in.get(2).equals(Type.i32(3))) {
        throw expects(name(), "points (C, " + low.size() + "), scales (C,) and a key i32(3,)", in);
      }
      return List.of(theta, chains(theta));
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      Type theta = types.getFirst();
      int p = low.size();
      double[] y = in.getFirst().clone();
      double[] inside = new double[theta.shape().dim(0)];
      long seed = Draw.seed(in.get(2));
      int step = (int) in.get(2)[2];
      for (int c = 0; c < inside.length; c++) {
        double[] candidate = new double[p];
        inside[c] = 1;
        for (int j = 0; j < p; j++) {
          double eta = Draws.normal(theta.dtype(), seed, stream, step, c * p + j);
          candidate[j] = y[c * p + j] + eta * in.get(1)[c];
          if (!(low.get(j) < candidate[j] && candidate[j] < high.get(j))) {
            inside[c] = 0;
          }
        }
        if (inside[c] == 0) {
          Arrays.fill(candidate, Double.NaN);
        }
        System.arraycopy(candidate, 0, y, c * p, p);
      }
      return List.of(y, inside);
    }
  }

  /// How scales follow acceptance; the schedule says when and how much.
  sealed interface Tuning {
    /// They stay.
    record Fixed() implements Tuning {}

    /// `log s` grows by `gain (accepted - target)`, the gain from the schedule (Robbins and Monro
    /// 1951).
    record Towards(double target) implements Tuning {}

    /// Where the schedule is not zero, s is multiplied by `factor` where more than `high` of the
    /// last `every` steps were accepted, divided by it where fewer than `low` were, and counting
    /// starts afresh.
    ///
    /// @param every steps of a window
    /// @param factor of a change
    /// @param low smallest share of accepted steps that is enough, in [0, 1]
    /// @param high largest share that is not too much
    record Within(int every, double factor, double low, double high) implements Tuning {}
  }

  /// Moves chains to their candidates where `log u < log p(theta') - log p(theta)` inside the box,
  /// and tunes their scales.
  ///
  /// Operands: theta `(C, p)`; log-densities there, scales, acceptances since tuning ended, and
  /// those of the present window, `(C,)` each; candidates `(C, p)`, their marks and their
  /// log-densities `(C,)`; schedule `(T,)`, whose last value holds for all later steps; key. From
  /// step T - 1 on acceptances count. Results: the first five, renewed; each may take the place of
  /// its operand.
  ///
  /// @param stream of the draws
  record Accept(int stream, Tuning tuning) implements RandomWalk {
    @Override
    public String name() {
      return "accept";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Type theta = in.get(0);
      boolean fits = points(theta) && in.get(5).equals(theta) && in.get(9).equals(Type.i32(3));
      for (int i : new int[] {1, 2, 3, 4, 6, 7}) {
        fits = fits && in.get(i).equals(chains(theta));
      }
      Type schedule = in.get(8);
      if (!fits
          || schedule.dtype() != theta.dtype()
          || schedule.shape().rank() != 1
          || schedule.size() == 0) {
        throw expects(
            name(), "(C, p), four times (C,), (C, p), twice (C,), (T,) and a key i32(3,)", in);
      }
      return in.subList(0, 5);
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      List<double[]> out = in.subList(0, 5).stream().map(double[]::clone).toList();
      int chains = types.get(1).size();
      int p = types.getFirst().shape().dim(1);
      long seed = Draw.seed(in.get(9));
      int step = (int) in.get(9)[2];
      int last = in.get(8).length - 1;
      double gain = in.get(8)[StrictMath.min(step, last)];
      for (int c = 0; c < chains; c++) {
        double u = Draws.uniform(types.getFirst().dtype(), seed, stream, step, c);
        boolean moves = in.get(6)[c] != 0 && StrictMath.log(u) < in.get(7)[c] - in.get(1)[c];
        double accepted = moves ? 1 : 0;
        if (moves) {
          System.arraycopy(in.get(5), c * p, out.get(0), c * p, p);
          out.get(1)[c] = in.get(7)[c];
        }
        out.get(3)[c] += step >= last ? accepted : 0;
        switch (tuning) {
          case Tuning.Fixed f -> {}
          case Tuning.Towards t -> out.get(2)[c] *= StrictMath.exp((accepted - t.target()) * gain);
          case Tuning.Within w -> {
            double count = in.get(4)[c] + accepted;
            double rate = count * (1.0 / w.every());
            if (gain != 0) {
              out.get(2)[c] *= rate > w.high() ? w.factor() : 1;
              out.get(2)[c] *= rate < w.low() ? 1 / w.factor() : 1;
            }
            out.get(4)[c] = gain != 0 ? 0 : count;
          }
        }
      }
      return out;
    }
  }

  /// Stores the points of the steps that are kept.
  ///
  /// Operands: kept points `(S, C, p)`, points `(C, p)`, slots `i32(T,)`, key. Result: the kept
  /// points, `slots[step]` replaced by the present ones; nothing is, where that is not one of 0 to
  /// S - 1 or the step beyond T. The result may take the place of the first operand.
  record Keep() implements RandomWalk {
    @Override
    public String name() {
      return "keep";
    }

    @Override
    public List<Type> infer(List<Type> in) {
      Type kept = in.get(0);
      Type theta = in.get(1);
      Type slots = in.get(2);
      if (!points(theta)
          || kept.shape().rank() != 3
          || !kept.equals(
              theta.with(Shape.of(kept.shape().dim(0), theta.shape().dim(0), theta.shape().dim(1))))
          || slots.dtype().isFloat()
          || slots.shape().rank() != 1
          || !in.get(3).equals(Type.i32(3))) {
        throw expects(name(), "(S, C, p), (C, p), i32(T,) and a key i32(3,)", in);
      }
      return List.of(kept);
    }

    @Override
    public List<double[]> evaluate(List<Type> types, List<double[]> in) {
      double[] kept = in.getFirst().clone();
      int size = in.get(1).length;
      int step = (int) in.get(3)[2];
      if (step >= 0 && step < in.get(2).length) {
        int slot = (int) in.get(2)[step];
        if (slot >= 0 && slot < types.getFirst().shape().dim(0)) {
          System.arraycopy(in.get(1), 0, kept, slot * size, size);
        }
      }
      return List.of(kept);
    }
  }
}
