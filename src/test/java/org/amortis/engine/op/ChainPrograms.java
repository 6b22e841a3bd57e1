package org.amortis.engine.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.device.Device;
import org.amortis.engine.device.Executable;
import org.amortis.engine.math.Chebyshev;
import org.amortis.engine.op.RandomWalk.Tuning;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// Small programs that are one step of Metropolis-Hastings, which GPU devices run many at a time.
final class ChainPrograms {
  private static final int SIDE = 3;
  private static final int TERMS = 5;

  /// A program and its first values.
  record Case(String label, Program program, Map<String, double[]> values) {
    /// State after so many steps at once.
    Map<String, double[]> run(Device device, int steps) {
      try (Executable e = device.bind(program)) {
        write(e);
        e.run(steps);
        return state(e);
      }
    }

    void write(Executable e) {
      values.forEach((k, v) -> e.input(k).write(v, 0));
    }

    Map<String, double[]> state(Executable e) {
      Map<String, double[]> state = new LinkedHashMap<>();
      program.updates().keySet().forEach(k -> state.put(k, e.input(k).doubles()));
      return state;
    }
  }

  private ChainPrograms() {}

  /// With a Gaussian log-density of a lattice, and with a Chebyshev series.
  static List<Case> of(DType f) {
    return List.of(density(f), series(f));
  }

  private static Case density(DType f) {
    int fields = 3;
    int chains = 2 * fields;
    GramStructure lattice = GramStructure.squareLattice(SIDE);
    double[] h = GramStructure.latticeDistances(SIDE);
    return build(
        "density " + f,
        f,
        chains,
        Map.of("z", new Values("z").normal(fields * lattice.order())),
        (t, theta) -> {
          Var c = t.constant(f, Shape.of(1, h.length), h).neg().div(theta).exp();
          Var z = t.data("z", new Type(f, Shape.of(fields, lattice.order())));
          Var y = t.one(new GaussianLogDensity(lattice, false), c, z);
          return y.sub(theta.reshape(chains).square());
        });
  }

  private static Case series(DType f) {
    int chains = 70;
    return build(
        "series " + f,
        f,
        chains,
        Map.of("c", new Values("c").normal(TERMS * chains)),
        (t, theta) -> {
          Var c = t.data("c", new Type(f, Shape.of(TERMS, chains)));
          Var x = theta.reshape(1, chains);
          return t.one(new ChebyshevSeries(new Chebyshev(TERMS, 0.1, 1)), c, x).reshape(chains);
        });
  }

  /// The log-density at candidates `(C, 1)`.
  private interface Target {
    Var of(Trace t, Var theta);
  }

  private static Case build(
      String label, DType f, int chains, Map<String, double[]> data, Target target) {
    Trace t = new Trace("chain_step");
    Type one = new Type(f, Shape.of(chains));
    List<Var> state = new ArrayList<>();
    state.add(t.state("theta", new Type(f, Shape.of(chains, 1))));
    for (String s : List.of("log_density", "scale", "accepted", "window")) {
      state.add(t.state(s, one));
    }
    Var kept = t.state("kept", new Type(f, Shape.of(2, chains, 1)));
    Var key = t.state("key", Type.i32(3));
    Op propose = new RandomWalk.Propose(30, List.of(0.1), List.of(1.0));
    List<Var> candidates = t.apply(propose, List.of(state.get(0), state.get(2), key));
    List<Var> operands = new ArrayList<>(state);
    operands.addAll(candidates);
    operands.add(target.of(t, candidates.getFirst()));
    operands.add(t.table(new Type(f, Shape.of(4)), new double[] {1, 0.5, 0.25, 0}));
    operands.add(key);
    List<Var> next = t.apply(new RandomWalk.Accept(31, new Tuning.Towards(0.44)), operands);
    for (int i = 0; i < state.size(); i++) {
      t.update(state.get(i), next.get(i));
    }
    Var slots = t.table(Type.i32(6), new double[] {-1, -1, -1, 0, -1, 1});
    t.update(kept, t.one(new RandomWalk.Keep(), kept, next.getFirst(), slots, key));
    t.update(key, key.add(t.table(Type.i32(3), new double[] {0, 0, 1})));
    Map<String, double[]> values = new LinkedHashMap<>(data);
    values.put("theta", new Values("theta").uniform(chains, 0.2, 0.9));
    values.put("log_density", filled(chains, -1e30));
    values.put("scale", filled(chains, 0.25));
    values.put("key", new double[] {3, 4, 0});
    return new Case(label, t.program(), values);
  }

  private static double[] filled(int n, double value) {
    double[] x = new double[n];
    Arrays.fill(x, value);
    return x;
  }
}
