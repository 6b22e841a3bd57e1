package org.amortis.engine.device.cuda.emulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.amortis.engine.device.cuda.emulator.PtxEntry.Line;

/// Makes steps of the lines of an entry.
final class Translator {
  private static final Pattern ADDRESS = Pattern.compile("\\[([%\\w$]+)(?: ?\\+ ?(-?\\d+))?\\]");

  private static final Pattern SPECIAL =
      Pattern.compile("%(tid|ntid|ctaid|nctaid)\\.[xyz]|%laneid");

  private final Code code;
  private final PtxEntry entry;
  private final Map<String, Integer> rows = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private Line line;

  Translator(Code code) {
    this.code = code;
    this.entry = code.entry;
  }

  void translate() {
    for (Line l : entry.body()) {
      line = l;
      Step step = guarded(l);
      step.source = l;
      steps.add(step);
    }
    // Where a guarded `ret` goes, and where the text may end.
    line = new Line(line == null ? 0 : line.line(), "ret (the end)", null, "ret", List.of());
    Step end = new Control.Exit();
    end.source = line;
    steps.add(end);
    code.steps = steps.toArray(Step[]::new);
  }

  PtxFault unknown(String why) {
    return new PtxFault(
        PtxFault.Kind.UNKNOWN,
        entry.name() + ", line " + line.line() + " `" + line.text() + "`: " + why);
  }

  private Step guarded(Line l) {
    if (l.guard() == null) {
      return step(l);
    }
    boolean not = l.guard().startsWith("!");
    int p = predicate(l.guard().substring(not ? 1 : 0));
    return switch (l.opcode()) {
      case "bra" -> new Control.BranchIf(p, not, target());
      case "ret", "exit" -> new Control.BranchIf(p, not, entry.body().size());
      case "bar.sync" -> throw unknown("a barrier with a guard");
      default -> {
        Step inner = step(l);
        inner.source = l;
        yield new Control.Guarded(p, not, inner);
      }
    };
  }

  private int target() {
    Integer at = entry.labels().get(operand(0));
    if (at == null) {
      throw unknown("no label " + operand(0));
    }
    return at;
  }

  private Step step(Line l) {
    Operations.Value value = Operations.VALUES.get(l.opcode());
    if (value != null) {
      return value(value);
    }
    Operations.Comparison test = Operations.COMPARISONS.get(l.opcode());
    if (test != null) {
      count(3);
      return compare(test, null);
    }
    String[] words = l.opcode().split("\\.");
    return switch (words[0]) {
      case "ld", "st" -> access(words);
      case "bra" -> new Control.Branch(target());
      case "ret", "exit" -> new Control.Exit();
      case "bar" -> {
        if (!l.opcode().equals("bar.sync") || !l.operands().equals(List.of("0"))) {
          throw unknown("a barrier other than `bar.sync 0`");
        }
        yield new Barrier();
      }
      case "selp" -> select(words);
      case "setp" -> joined(words);
      case "mov", "and", "or", "xor", "not" -> {
        if (words.length != 2 || !words[1].equals("pred")) {
          throw unknown("unknown instruction");
        }
        int a = predicate(operand(1));
        int b = l.operands().size() > 2 ? predicate(operand(2)) : a;
        yield new Predicates(Predicates.of(words[0]), predicate(operand(0)), a, b);
      }
      default -> throw unknown("unknown instruction");
    };
  }

  private void count(int n) {
    if (line.operands().size() != n) {
      throw unknown(n + " operands expected");
    }
  }

  private String operand(int i) {
    if (i >= line.operands().size()) {
      throw unknown("an operand is missing");
    }
    return line.operands().get(i);
  }

  private Step value(Operations.Value v) {
    String form = v.form().replace("=", "");
    count(form.length());
    int[] at = new int[5];
    for (int i = 0; i < form.length(); i++) {
      at[i] = i == 0 ? result(operand(0), form.charAt(0)) : source(operand(i), form.charAt(i));
    }
    return form.charAt(0) == 'w'
        ? new Operations.Step32(v.lanes(), at)
        : new Operations.Step64(v.lanes(), at);
  }

  private Step compare(Operations.Comparison c, Predicates.Join join) {
    int a = source(operand(1), c.form().charAt(0));
    int b = source(operand(2), c.form().charAt(1));
    boolean not = join != null && operand(3).startsWith("!");
    int with = join == null ? 0 : predicate(operand(3).substring(not ? 1 : 0));
    return new Operations.SetPredicate(c.test(), join, predicate(operand(0)), a, b, with, not);
  }

  /// `setp.lt.and.s32 p, a, b, q`.
  private Step joined(String[] words) {
    Predicates.Join join = words.length == 4 ? Predicates.of(words[2]) : null;
    Operations.Comparison c =
        join == null ? null : Operations.COMPARISONS.get("setp." + words[1] + "." + words[3]);
    if (c == null) {
      throw unknown("unknown instruction");
    }
    count(4);
    return compare(c, join);
  }

  private Step select(String[] words) {
    count(4);
    boolean wide = words.length == 2 && words[1].endsWith("64");
    if (!wide && (words.length != 2 || !words[1].endsWith("32"))) {
      throw unknown("unknown instruction");
    }
    char kind = wide ? 'q' : 'w';
    return new Operations.Select(
        wide,
        result(operand(0), kind),
        source(operand(1), kind),
        source(operand(2), kind),
        predicate(operand(3)));
  }

  private Step access(String[] words) {
    boolean load = words[0].equals("ld");
    String type = words[words.length - 1];
    String where = words.length > 2 ? words[1] : "";
    int elements = 1;
    for (String w : Arrays.asList(words).subList(2, words.length - 1)) {
      switch (w) {
        case "v2" -> elements = 2;
        case "v4" -> elements = 4;
        default -> throw unknown("unknown instruction");
      }
    }
    if (!type.matches("[usbf](32|64)")) {
      throw unknown("unknown instruction");
    }
    count(2);
    String values = operand(load ? 0 : 1);
    String place = operand(load ? 1 : 0);
    List<String> names =
        values.startsWith("{")
            ? Arrays.stream(values.substring(1, values.length() - 1).split(","))
                .map(String::strip)
                .toList()
            : List.of(values);
    if (names.size() != elements) {
      throw unknown(elements + " elements expected");
    }
    boolean wide = type.endsWith("64");
    Access.Form form = wide ? Access.Form.DOUBLE_WORD : Access.Form.WORD;
    if (!wide && names.get(0).startsWith("%") && kind(names.get(0)) == 'q') {
      form = type.equals("s32") ? Access.Form.SIGNED : Access.Form.UNSIGNED;
    }
    char kind = form == Access.Form.WORD ? 'w' : 'q';
    int[] at = names.stream().mapToInt(n -> load ? result(n, kind) : source(n, kind)).toArray();
    if (load && where.equals("param")) {
      return new Control.LoadParameter(parameter(place, type), form, at[0]);
    }
    Access.Space space =
        switch (where) {
          case "global" -> Access.Space.GLOBAL;
          case "shared" -> Access.Space.SHARED;
          case "local" -> Access.Space.LOCAL;
          default -> throw unknown("memory `" + where + "`");
        };
    Access.Address address = address(place);
    return load
        ? new Access.Load(space, address, form, at)
        : new Access.Store(space, address, form, at);
  }

  /// The place of a parameter.
  private int parameter(String place, String type) {
    String name = place.substring(1, place.length() - 1);
    String declared = entry.parameters().get(name);
    if (declared == null || !declared.substring(2).equals(type.substring(1))) {
      throw unknown("parameter " + name + " is " + declared);
    }
    return new ArrayList<>(entry.parameters().keySet()).indexOf(name);
  }

  /// An address: `[register]`, `[register+number]` or the same with a variable.
  Access.Address address(String text) {
    Matcher m = ADDRESS.matcher(text);
    if (!m.matches()) {
      throw unknown("address " + text);
    }
    long offset = m.group(2) == null ? 0 : Long.parseLong(m.group(2));
    Long variable = variable(m.group(1));
    if (variable != null) {
      return new Access.Address(true, constant64(variable), offset);
    }
    boolean wide = kind(m.group(1)) == 'q';
    return new Access.Address(wide, source(m.group(1), wide ? 'q' : 'w'), offset);
  }

  private Long variable(String name) {
    Integer at = code.sharedAt.getOrDefault(name, code.localAt.get(name));
    return at == null ? null : (long) at;
  }

  /// `p`, `w` for 32 bits or `q` for 64.
  private char kind(String register) {
    String type = entry.registers().get(register);
    if (type == null) {
      throw unknown("no register " + register);
    }
    return switch (type) {
      case "pred" -> 'p';
      case "b32", "u32", "s32", "f32" -> 'w';
      case "b64", "u64", "s64", "f64" -> 'q';
      default -> throw unknown("registers of type " + type);
    };
  }

  /// The row of a register that takes a result.
  int result(String register, char kind) {
    if (kind(register) != kind) {
      throw unknown(register + " is of type " + entry.registers().get(register));
    }
    return rows.computeIfAbsent(
        register,
        k ->
            switch (kind) {
              case 'p' -> code.predicates++;
              case 'w' -> Warp.LANES * code.rows32++;
              default -> Warp.LANES * code.rows64++;
            });
  }

  private int predicate(String register) {
    if (register.matches("-?[01]")) {
      int lanes = register.equals("0") ? 0 : -1;
      return code.constantsP.computeIfAbsent(lanes, k -> code.predicates++);
    }
    return result(register, 'p');
  }

  /// The row of an operand: a register, a constant, a special register, or a variable's address.
  int source(String text, char kind) {
    if (entry.registers().containsKey(text)) {
      return result(text, kind);
    }
    if (text.startsWith("%")) {
      if (kind != 'w' || !SPECIAL.matcher(text).matches()) {
        throw unknown("no register " + text);
      }
      return code.special.computeIfAbsent(text, k -> Warp.LANES * code.rows32++);
    }
    Long place = variable(text);
    long bits = place == null ? number(text, kind) : place;
    return kind == 'w' ? constant32((int) bits) : constant64(bits);
  }

  private int constant32(int value) {
    return code.constants32.computeIfAbsent(value, k -> Warp.LANES * code.rows32++);
  }

  private int constant64(long value) {
    return code.constants64.computeIfAbsent(value, k -> Warp.LANES * code.rows64++);
  }

  private long number(String text, char kind) {
    try {
      if (text.startsWith("0f") && kind == 'w') {
        return Integer.parseUnsignedInt(text.substring(2), 16);
      }
      if (text.startsWith("0d") && kind == 'q') {
        return Long.parseUnsignedLong(text.substring(2), 16);
      }
      return text.startsWith("0x")
          ? Long.parseUnsignedLong(text.substring(2), 16)
          : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw unknown("operand " + text);
    }
  }
}
