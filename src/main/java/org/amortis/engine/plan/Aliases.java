package org.amortis.engine.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.amortis.engine.op.Move;
import org.amortis.engine.op.Source;
import org.amortis.engine.program.Program;
import org.amortis.engine.shape.Shape;

/// Values that need no memory of their own: they are a contiguous part of another value.
///
/// A reshape is its operand; a slice of the outermost axis is a part of it; an operand of a
/// concatenation along the outermost axis is written straight into the result. Transposes and other
/// slices are copies.
public final class Aliases {
  /// Where a value lies: `offset` elements after the start of the value `root`.
  public record Place(Program.Value root, int offset) {}

  private final Map<Program.Value, Place> places = new HashMap<>();
  private final Program program;

  private Aliases(Program program) {
    this.program = program;
  }

  /// The aliases of a program.
  public static Aliases of(Program program) {
    Aliases a = new Aliases(program);
    for (Program.Node n : program.nodes()) {
      if (n.op() instanceof Move.Concat c && outermost(n.types().getFirst().shape(), c.axis())) {
        a.concat(n);
      }
    }
    for (Program.Node n : program.nodes()) {
      Program.Value v = new Program.Value(n.id(), 0);
      if (n.op() instanceof Move.Reshape) {
        a.place(v, n.in().getFirst(), 0);
      } else if (n.op() instanceof Move.Slice s) {
        Shape from = program.type(n.in().getFirst()).shape();
        if (outermost(from, s.axis())) {
          a.place(v, n.in().getFirst(), s.from() * from.product(s.axis() + 1, from.rank()));
        }
      }
    }
    return a;
  }

  private static boolean outermost(Shape s, int axis) {
    return s.product(0, axis) == 1;
  }

  private void place(Program.Value v, Program.Value in, int offset) {
    if (!places.containsKey(v)) {
      places.put(v, new Place(in, offset));
    }
  }

  /// Puts the operands of a concatenation into its result; an operand that is a source, or placed
  /// already, is copied.
  private void concat(Program.Node n) {
    Program.Value result = new Program.Value(n.id(), 0);
    int at = 0;
    for (Program.Value in : n.in()) {
      Program.Value producer = in;
      while (program.nodes().get(producer.node()).op() instanceof Move.Reshape) {
        producer = program.nodes().get(producer.node()).in().getFirst();
      }
      var op = program.nodes().get(producer.node()).op();
      boolean own = !(op instanceof Source) && !(op instanceof Move.Slice);
      if (own && !places.containsKey(producer)) {
        places.put(producer, new Place(result, at));
      }
      at += program.type(in).size();
    }
  }

  /// Where a value lies: itself at 0 unless it is a part of another one.
  public Place of(Program.Value v) {
    int offset = 0;
    Program.Value at = v;
    for (Place p = places.get(at); p != null; p = places.get(at)) {
      offset += p.offset;
      at = p.root;
    }
    return new Place(at, offset);
  }

  /// Whether a node computes nothing because its result lies where its operands already are.
  public boolean free(Program.Node n) {
    return switch (n.op()) {
      case Move.Reshape r -> true;
      case Move.Slice s -> places.containsKey(new Program.Value(n.id(), 0));
      case Move.Concat c -> inPlace(n).stream().allMatch(b -> b);
      default -> false;
    };
  }

  /// For each operand of a concatenation, whether it is written in place.
  public List<Boolean> inPlace(Program.Node concat) {
    Place to = of(new Program.Value(concat.id(), 0));
    int[] at = {to.offset};
    return concat.in().stream()
        .map(v -> {
          boolean in = of(v).equals(new Place(to.root, at[0]));
          at[0] += program.type(v).size();
          return in;
        })
        .toList();
  }
}
