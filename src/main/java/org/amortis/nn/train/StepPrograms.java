package org.amortis.nn.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.Update;
import org.amortis.engine.program.Gradient;
import org.amortis.engine.program.Program;
import org.amortis.engine.program.Trace;
import org.amortis.engine.program.Var;
import org.amortis.engine.shape.DType;
import org.amortis.engine.shape.Shape;
import org.amortis.engine.shape.Type;
import org.amortis.nn.ParameterLayout;
import org.amortis.nn.Scope;

/// The programs of training: one optimiser step, and the validation loss of one batch.
final class StepPrograms {
  private static final DType DTYPE = DType.FLOAT32;

  private StepPrograms() {}

  /// The parameters that an objective declares.
  static ParameterLayout layout(Objective objective, Dataset data, int batch) {
    return ParameterLayout.of(scope -> {
      Map<String, Var> columns = new LinkedHashMap<>();
      for (Column c : data.columns()) {
        columns.put(c.name(), scope.trace().data("column." + c.name(), rows(c, batch)));
      }
      objective.losses(scope, columns);
    });
  }

  private static Type rows(Column c, int n) {
    return new Type(DTYPE, c.sample().times(n));
  }

  /// One step on whole batches.
  static Program train(
      Objective objective,
      ParameterLayout layout,
      Dataset data,
      Augmentation augmentation,
      TrainingOptions options) {
    return train(objective, layout, data, augmentation, options, 1);
  }

  /// One step.
  ///
  /// State: `parameters`, `moment1`, `moment2`, `statistics`, `batch` (index in the epoch), `step`
  /// (index in the run), `loss_sum`. Data: `data.COLUMN` (N, ...), `order` (N), `seed` (2),
  /// `control` (steps, 3) = learning rate and the two bias corrections of every step of the epoch.
  ///
  /// @param parts parts of a batch that are traced one after the other, their gradients added: the
  ///   same step in less memory, for objectives whose losses are separable
  static Program train(
      Objective objective,
      ParameterLayout layout,
      Dataset data,
      Augmentation augmentation,
      TrainingOptions options,
      int parts) {
    Trace t = new Trace("train");
    int steps = data.count() / options.batch();
    Var batch = t.state("batch", Type.i32(1));
    Var step = t.state("step", Type.i32(1));
    Var key = t.data("seed", Type.i32(2)).concat(step, 0);
    Var first = batch.mul(t.scalar(options.batch(), DType.INT32));
    Var order = t.data("order", Type.i32(data.count()));
    Var chosen = t.one(new Move.Window(options.batch()), order, first);
    Map<String, Var> columns = new LinkedHashMap<>();
    for (Column c : data.columns()) {
      columns.put(c.name(), t.data("data." + c.name(), rows(c, data.count())).gather(chosen));
    }
    Scope scope = Scope.training(t, DTYPE, layout, key);
    Var p = scope.parameters();
    Map<String, Var> changed = augmentation.apply(columns, key);
    Var loss = null;
    Var gradient = null;
    for (int i = 0; i < parts; i++) {
      Scope own = i == 0 ? scope : scope.part(i);
      Var share = objective.losses(own, part(changed, i, parts));
      share = parts == 1 ? share.mean() : share.sum().mul(1.0 / options.batch());
      Var d = Gradient.of(share, List.of(p)).getFirst();
      loss = i == 0 ? share : loss.add(share);
      gradient = i == 0 ? d : gradient.add(d);
    }
    scope.finish();
    Var table = t.data("control", new Type(DTYPE, Shape.of(steps, 3)));
    Var control = t.one(new Move.Window(1), table, batch).reshape(3);
    Var scale = t.scalar(1, DTYPE).reshape(1);
    if (options.clipNorm() > 0) {
      Var norm = gradient.square().sum().sqrt();
      scale = t.div(t.constant(norm, options.clipNorm()), norm).min(1).reshape(1);
    }
    Var m = t.state("moment1", p.type());
    Var v = t.state("moment2", p.type());
    List<Var> next =
        t.apply(
            new Update.Adam(0.9, 0.999, 1e-8, options.weightDecay()),
            List.of(p, gradient, m, v, control.concat(scale, 0)));
    t.update(p, next.get(0));
    t.update(m, next.get(1));
    t.update(v, next.get(2));
    Var sum = t.state("loss_sum", new Type(DTYPE, Shape.SCALAR));
    t.update(sum, sum.add(loss));
    Var one = t.scalar(1, DType.INT32);
    t.update(batch, batch.add(one));
    t.update(step, step.add(one));
    t.output("loss", loss);
    return t.program();
  }

  /// Samples of one of the parts of a batch, as equal as can be.
  private static Map<String, Var> part(Map<String, Var> batch, int i, int parts) {
    if (parts == 1) {
      return batch;
    }
    Map<String, Var> part = new LinkedHashMap<>();
    batch.forEach((name, v) -> {
      int n = v.dim(0);
      part.put(name, v.slice(0, (int) ((long) n * i / parts), (int) ((long) n * (i + 1) / parts)));
    });
    return part;
  }

  /// Weighted sum of the losses of the `size` samples from row `start` on.
  static Program evaluate(Objective objective, ParameterLayout layout, Dataset data, int size) {
    Trace t = new Trace("evaluate");
    Var start = t.data("start", Type.i32(1));
    Var weight = t.data("weight", new Type(DTYPE, Shape.of(size)));
    Map<String, Var> columns = new LinkedHashMap<>();
    for (Column c : data.columns()) {
      Var all = t.data("data." + c.name(), rows(c, data.count()));
      columns.put(c.name(), t.one(new Move.Window(size), all, start));
    }
    Scope scope = Scope.evaluating(t, DTYPE, layout);
    Var losses = objective.losses(scope, columns);
    t.output("sum", losses.mul(weight).sum());
    return t.program();
  }
}
