package org.amortis.engine.device.cuda.emulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An entry point as its text says it.
///
/// @param parameters types by name, in order
/// @param required sizes of a group that a launch must have; `null` for any
/// @param most sizes of a group whose product a launch must not exceed; `null` for any
/// @param registers types by name
/// @param shared variables in memory of the group
/// @param local variables in memory of the thread
/// @param labels places in `body`
record PtxEntry(
    String name,
    Map<String, String> parameters,
    int[] required,
    int[] most,
    Map<String, String> registers,
    List<Variable> shared,
    List<Variable> local,
    Map<String, Integer> labels,
    List<Line> body) {

  /// An array in memory.
  record Variable(String name, int align, int bytes) {}

  /// An instruction: `@guard opcode operands`.
  ///
  /// @param guard a predicate or `null`, with an exclamation mark in front where it is negated
  record Line(int line, String text, String guard, String opcode, List<String> operands) {}

  private static final Pattern ARRAY =
      Pattern.compile("\\.align (\\d+) \\.b8 ([\\w$]+) ?\\[(\\d+)\\]");
  private static final Pattern SCALAR =
      Pattern.compile("(?:\\.align (\\d+) )?\\.[usbf](32|64) ([\\w$]+)");
  private static final Pattern RANGE = Pattern.compile("(%[\\w$]+?)<(\\d+)>");
  private static final Pattern ONE = Pattern.compile("%?[\\w$]+");
  private static final Pattern GUARDED = Pattern.compile("@(!?%[\\w$]+) (.*)");

  /// Reads what stands behind `.entry`.
  static PtxEntry read(PtxReader in) {
    String name = in.word();
    Map<String, String> parameters = new LinkedHashMap<>();
    in.expect("(");
    while (!in.take(')')) {
      in.expect(".param");
      String type = in.word();
      parameters.put(in.word(), type);
      in.take(',');
    }
    int[] required = null;
    int[] most = null;
    while (in.peek() != '{') {
      String word = in.word();
      switch (word) {
        case ".reqntid" -> required = sizes(in);
        case ".maxntid" -> most = sizes(in);
        case ".minnctapersm" -> in.number();
        default -> throw in.unknown(word);
      }
    }
    PtxEntry e =
        new PtxEntry(
            name,
            parameters,
            required,
            most,
            new HashMap<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new HashMap<>(),
            new ArrayList<>());
    in.expect("{");
    e.readBody(in);
    return e;
  }

  private static int[] sizes(PtxReader in) {
    int[] n = {in.number(), 1, 1};
    for (int i = 1; i < 3 && in.take(','); i++) {
      n[i] = in.number();
    }
    return n;
  }

  /// Reads up to the closing brace. Registers of the same name in several inner blocks are one:
  /// each block writes its own before it reads them.
  private void readBody(PtxReader in) {
    while (!in.take('}')) {
      if (in.take('{')) {
        readBody(in);
        continue;
      }
      String label = in.label();
      if (label != null) {
        labels.put(label, body.size());
        continue;
      }
      int line = in.line();
      String s = in.statement();
      if (s.startsWith(".")) {
        directive(in, s);
      } else {
        body.add(line(line, s));
      }
    }
  }

  private void directive(PtxReader in, String s) {
    int space = s.indexOf(' ');
    String rest = s.substring(space + 1);
    switch (s.substring(0, space)) {
      case ".reg" -> registers(in, rest);
      case ".shared" -> shared.add(variable(in, rest));
      case ".local" -> local.add(variable(in, rest));
      case ".pragma" -> {
        if (!rest.equals("\"nounroll\"")) {
          throw in.unknown(s);
        }
      }
      default -> throw in.unknown(s);
    }
  }

  private void registers(PtxReader in, String s) {
    int space = s.indexOf(' ');
    String type = s.substring(1, space);
    for (String name : s.substring(space + 1).replace(" ", "").split(",")) {
      Matcher range = RANGE.matcher(name);
      if (range.matches()) {
        for (int i = 0; i < Integer.parseInt(range.group(2)); i++) {
          registers.put(range.group(1) + i, type);
        }
      } else {
        String before = ONE.matcher(name).matches() ? registers.put(name, type) : "";
        if (before != null && !before.equals(type)) {
          throw in.unknown(".reg " + s);
        }
      }
    }
  }

  private static Variable variable(PtxReader in, String s) {
    Matcher array = ARRAY.matcher(s);
    if (array.matches()) {
      return new Variable(
          array.group(2), Integer.parseInt(array.group(1)), Integer.parseInt(array.group(3)));
    }
    Matcher one = SCALAR.matcher(s);
    if (one.matches()) {
      int bytes = Integer.parseInt(one.group(2)) / 8;
      int align = one.group(1) == null ? bytes : Integer.parseInt(one.group(1));
      return new Variable(one.group(3), align, bytes);
    }
    throw in.unknown(s);
  }

  private static Line line(int number, String s) {
    Matcher guarded = GUARDED.matcher(s);
    String guard = guarded.matches() ? guarded.group(1) : null;
    String rest = guard == null ? s : guarded.group(2);
    int space = rest.indexOf(' ');
    String opcode = space < 0 ? rest : rest.substring(0, space);
    List<String> operands = new ArrayList<>();
    if (space >= 0) {
      int depth = 0;
      int from = space + 1;
      for (int i = from; i <= rest.length(); i++) {
        char c = i == rest.length() ? ',' : rest.charAt(i);
        depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        if (c == ',' && depth == 0) {
          operands.add(rest.substring(from, i).strip());
          from = i + 1;
        }
      }
    }
    return new Line(number, s, guard, opcode, operands);
  }
}
