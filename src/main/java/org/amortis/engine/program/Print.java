package org.amortis.engine.program;

import java.util.Locale;
import java.util.StringJoiner;
import org.amortis.engine.op.Binary;
import org.amortis.engine.op.Op;
import org.amortis.engine.op.Source;
import org.amortis.engine.op.Unary;

/// Programs as text.
///
/// ```
/// program  := "program" name NEWLINE line* output* update*
/// line     := result ("," result)* "=" op [ "[" attributes "]" ] operand* NEWLINE
/// result   := "%" node [ "." index ] ":" type
/// operand  := "%" node [ "." index ]
/// output   := "output" name "=" operand NEWLINE
/// update   := "update" label "<-" operand NEWLINE
/// ```
public final class Print {
  private Print() {}

  /// The text of a program.
  public static String of(Program p) {
    StringBuilder s = new StringBuilder("program ").append(p.name()).append('\n');
    for (Program.Node n : p.nodes()) {
      StringJoiner results = new StringJoiner(", ");
      for (int i = 0; i < n.types().size(); i++) {
        results.add("%" + n.id() + (n.types().size() > 1 ? "." + i : "") + ":" + n.types().get(i));
      }
      s.append("  ").append(results).append(" = ").append(op(n.op()));
      for (Program.Value v : n.in()) {
        s.append(' ').append(operand(p, v));
      }
      s.append('\n');
    }
    p.outputs()
        .forEach((k, v) ->
            s.append("  output ").append(k).append(" = ").append(operand(p, v)).append('\n'));
    p.updates()
        .forEach((k, v) ->
            s.append("  update ").append(k).append(" <- ").append(operand(p, v)).append('\n'));
    return s.toString();
  }

  /// Name and attributes of an op.
  public static String op(Op op) {
    String name = op.name().toLowerCase(Locale.ROOT);
    return switch (op) {
      case Unary u -> name;
      case Binary b -> name;
      case Source.Table t -> name + "[" + t.values().length + " values]";
      case Source.Input i ->
          name + "[" + i.label() + ", " + i.role().name().toLowerCase(Locale.ROOT) + "]";
      case Source.Constant c -> name + "[" + c.value() + "]";
      default -> {
        String text = op.toString();
        int open = text.indexOf('[');
        String attributes = open < 0 ? "" : text.substring(open);
        yield attributes.equals("[]") ? name : name + attributes;
      }
    };
  }

  private static String operand(Program p, Program.Value v) {
    boolean several = p.nodes().get(v.node()).types().size() > 1;
    return "%" + v.node() + (several ? "." + v.output() : "");
  }
}
