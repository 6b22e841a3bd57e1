package org.amortis.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.op.Source;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;

/// What a layer sees while it is traced: its parameters, by name, and whether the program trains or
/// evaluates.
///
/// All parameters of a network lie in one flat vector in order of declaration, see
/// [ParameterLayout]; running statistics (batch norm) lie in a second one that is not
/// differentiated.
public final class Scope {
  /// What all scopes of one trace share.
  private static final class Shared {
    final Trace trace;
    final DType dtype;
    final boolean training;
    final Var key;
    final ParameterLayout layout;
    final Var flat;
    final Var statistics;
    final Map<String, ParameterLayout.Entry> parameters = new LinkedHashMap<>();
    final Map<String, ParameterLayout.Entry> running = new LinkedHashMap<>();
    final Map<String, Var> updates = new LinkedHashMap<>();
    int streams;

    Shared(
        Trace trace,
        DType dtype,
        boolean training,
        Var key,
        ParameterLayout layout,
        Var flat,
        Var statistics) {
      this.trace = trace;
      this.dtype = dtype;
      this.training = training;
      this.key = key;
      this.layout = layout;
      this.flat = flat;
      this.statistics = statistics;
    }
  }

  /// First stream number of draws made by layers.
  public static final int LAYER_STREAMS = 1000;

  private final Shared shared;
  private final String prefix;

  private Scope(Shared shared, String prefix) {
    this.shared = shared;
    this.prefix = prefix;
  }

  /// A scope that discovers which parameters a network declares.
  static Scope discovering(Trace trace, DType dtype, boolean training) {
    Var key = trace.data("key", Type.i32(3));
    return new Scope(new Shared(trace, dtype, training, key, null, null, null), "");
  }

  /// A scope for evaluation: parameters are read from the state input `parameters`, running
  /// statistics, where the layout has any, from the state input `statistics`.
  public static Scope evaluating(Trace trace, DType dtype, ParameterLayout layout) {
    return of(trace, dtype, layout, false, null);
  }

  /// A scope for a training step.
  ///
  /// @param key `i32(3,)` (seed low, seed high, step) of dropout and other draws
  public static Scope training(Trace trace, DType dtype, ParameterLayout layout, Var key) {
    return of(trace, dtype, layout, true, key);
  }

  /// A scope for a trained network inside another program: parameters are tables of the program, so
  /// that several networks stand in one program and none of them is trained further.
  ///
  /// @param parameters in the order of the layout
  /// @param statistics running statistics, empty where the layout has none
  public static Scope frozen(
      Trace trace, DType dtype, ParameterLayout layout, double[] parameters, double[] statistics) {
    Var flat = trace.table(new Type(dtype, Shape.of(layout.size())), parameters);
    Var running =
        layout.statisticsSize() == 0
            ? null
            : trace.table(new Type(dtype, Shape.of(layout.statisticsSize())), statistics);
    return new Scope(new Shared(trace, dtype, false, null, layout, flat, running), "");
  }

  /// A scope of the same trace and parameters for another part of the batch: the network is traced
  /// in it once more, with draws of its own.
  ///
  /// @param part number of the part, from 1 on; the scope itself is part 0
  public Scope part(int part) {
    Shared s = shared;
    Shared again = new Shared(s.trace, s.dtype, s.training, s.key, s.layout, s.flat, s.statistics);
    again.streams = part << 12;
    return new Scope(again, prefix);
  }

  private static Scope of(
      Trace trace, DType dtype, ParameterLayout layout, boolean training, Var key) {
    Var flat = trace.state("parameters", new Type(dtype, Shape.of(layout.size())));
    Var statistics =
        layout.statisticsSize() == 0
            ? null
            : trace.state("statistics", new Type(dtype, Shape.of(layout.statisticsSize())));
    return new Scope(new Shared(trace, dtype, training, key, layout, flat, statistics), "");
  }

  /// A scope whose names begin with this one's and `name`.
  public Scope child(String name) {
    return new Scope(shared, prefix + name + ".");
  }

  /// The trace that records the network.
  public Trace trace() {
    return shared.trace;
  }

  /// Element type of parameters and activations.
  public DType dtype() {
    return shared.dtype;
  }

  /// Whether dropout and batch norm behave as in training.
  public boolean training() {
    return shared.training;
  }

  /// Key of draws made during training.
  ///
  /// @throws IllegalStateException in evaluation
  public Var key() {
    if (shared.key == null) {
      throw new IllegalStateException("no random draws in evaluation");
    }
    return shared.key;
  }

  /// A stream number of its own for a layer that draws, the same in every trace of the network.
  public int stream() {
    return LAYER_STREAMS + shared.streams++;
  }

  /// The flat vector of all parameters.
  public Var parameters() {
    return shared.flat;
  }

  /// A trained tensor.
  ///
  /// @param name inside this scope
  /// @param initializer first values
  /// @param dims its shape, which the result has
  /// @throws IllegalArgumentException when the name is taken, or the layout lacks it or has it with
  ///   another shape
  public Var parameter(String name, Initializer initializer, int... dims) {
    return tensor(
        prefix + name, initializer, Shape.of(dims), shared.parameters, shared.flat, false);
  }

  /// A tensor that training updates by [#update] and not by its gradient.
  ///
  /// @throws IllegalArgumentException as for [#parameter]
  public Var statistic(String name, Initializer initializer, int... dims) {
    return tensor(
        prefix + name, initializer, Shape.of(dims), shared.running, shared.statistics, true);
  }

  private Var tensor(
      String name,
      Initializer initializer,
      Shape shape,
      Map<String, ParameterLayout.Entry> into,
      Var flat,
      boolean statistic) {
    int at = into.values().stream().mapToInt(e -> e.shape().size()).sum();
    if (into.putIfAbsent(name, new ParameterLayout.Entry(name, shape, at, initializer)) != null) {
      throw new IllegalArgumentException("two parameters are called " + name);
    }
    if (shared.layout == null) {
      Source.Role role = Source.Role.STATE;
      return shared.trace.one(new Source.Input(name, new Type(shared.dtype, shape), role));
    }
    ParameterLayout.Entry e = shared.layout.entry(name, statistic);
    if (!e.shape().equals(shape)) {
      throw new IllegalArgumentException(
          name + " is " + e.shape() + ", the layer asks for " + shape);
    }
    return shared.trace.reshape(flat.slice(0, e.offset(), e.offset() + shape.size()), shape);
  }

  /// Declares the next value of a statistic; effective in training only.
  ///
  /// @param name of the statistic in this scope
  /// @param next of the statistic's shape
  public void update(String name, Var next) {
    shared.updates.put(prefix + name, next);
  }

  /// The parameters declared so far.
  List<ParameterLayout.Entry> declared(boolean statistics) {
    return new ArrayList<>((statistics ? shared.running : shared.parameters).values());
  }

  /// Declares the update of the flat vector of statistics; called once, when the network has been
  /// traced.
  public void finish() {
    if (!shared.training || shared.statistics == null || shared.layout == null) {
      return;
    }
    List<Var> parts = new ArrayList<>();
    for (ParameterLayout.Entry e : shared.layout.statistics()) {
      Var next = shared.updates.get(e.name());
      if (next == null) {
        next = shared.statistics.slice(0, e.offset(), e.offset() + e.shape().size());
      }
      parts.add(next.reshape(e.shape().size()));
    }
    shared.trace.update(shared.statistics, shared.trace.concat(parts, 0));
  }
}
