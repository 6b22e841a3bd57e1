package org.amortis.engine.device.gpu;

import java.util.ArrayList;
import java.util.List;
import org.amortis.engine.op.RandomWalk;
import org.amortis.engine.op.RandomWalk.Tuning;
import org.amortis.engine.shape.DType;

/// Launches of Metropolis-Hastings steps: one item a chain.
final class MetropolisLowering {
  private MetropolisLowering() {}

  static void lower(Emit e, RandomWalk op) {
    switch (op) {
      case RandomWalk.Propose p -> propose(e, p);
      case RandomWalk.Accept a -> accept(e, a);
      case RandomWalk.Keep k -> keep(e);
    }
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void propose(Emit e, RandomWalk.Propose op) {
    DType real = e.out(0).dtype();
    int chains = e.out(1).size();
    e.launch(
        Kernel.of("mh_propose", real),
        Grid.items(chains),
        e.operand(0),
        e.operand(1),
        e.operand(2),
        e.table(array(op.low()), real),
        e.table(array(op.high()), real),
        e.result(0),
        e.result(1),
        op.stream(),
        chains,
        op.low().size());
  }

  private static void accept(Emit e, RandomWalk.Accept op) {
    DType real = e.out(0).dtype();
    int chains = e.out(1).size();
    List<Object> arguments = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      arguments.add(e.operand(i));
    }
    for (int i = 0; i < 5; i++) {
      arguments.add(e.result(i));
    }
    arguments.addAll(List.of(op.stream(), chains, e.out(0).shape().dim(1), e.in(8).size()));
    arguments.addAll(tuning(op.tuning()));
    e.launch(Kernel.of("mh_accept", real), Grid.items(chains), arguments.toArray());
  }

  /// Kind, target, share, low, high, factor.
  static List<Object> tuning(Tuning tuning) {
    return switch (tuning) {
      case Tuning.Fixed f -> List.of(0, 0.0, 0.0, 0.0, 0.0, 0.0);
      case Tuning.Towards t -> List.of(1, t.target(), 0.0, 0.0, 0.0, 0.0);
      case Tuning.Within w -> List.of(2, 0.0, 1.0 / w.every(), w.low(), w.high(), w.factor());
    };
  }

  private static void keep(Emit e) {
    DType real = e.out(0).dtype();
    Place from = e.operand(0);
    Place to = e.result(0);
    int size = e.in(1).size();
    if (!from.equals(to)) {
      MoveLowering.copy(e, from, to, e.out(0).size());
    }
    e.launch(
        Kernel.of("mh_keep", real),
        Grid.items(size),
        e.operand(1),
        e.operand(2),
        e.operand(3),
        to,
        size,
        e.in(2).size(),
        e.out(0).shape().dim(0));
  }
}
