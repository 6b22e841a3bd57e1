package org.amortis.engine.device.cuda.emulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.amortis.engine.device.cuda.emulator.PtxEntry.Line;

/// Makes steps of the lines of an entry.
final class Translator {
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

  Map<String, String> parameters() {
    return entry.parameters();
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
      default -> {
        Step inner = step(l);
        inner.source = l;
        if (inner.collective()) {
          throw unknown("a predicate before an instruction of all threads");
        }
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
      case "ld", "st" -> new AccessTranslator(this).of(l, words);
      case "cp" -> new AccessTranslator(this).copy(l);
      case "mma" -> matrixProduct();
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

  void count(int n) {
    if (line.operands().size() != n) {
      throw unknown(n + " operands expected");
    }
  }

  String operand(int i) {
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

  private Step matrixProduct() {
    if (!line.opcode().equals("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32")) {
      throw unknown("unknown instruction");
    }
    needs(80);
    count(4);
    return new MatrixProduct(
        rows(operand(0), 4, true),
        rows(operand(1), 4, false),
        rows(operand(2), 2, false),
        rows(operand(3), 4, false));
  }

  /// Rows of 32 bits of `{a, b, ...}`.
  private int[] rows(String list, int n, boolean result) {
    List<String> names = names(list);
    if (names.size() != n) {
      throw unknown(n + " elements expected in " + list);
    }
    return names.stream().mapToInt(k -> result ? result(k, 'w') : source(k, 'w')).toArray();
  }

  /// The elements of `{a, b, ...}`, or the one element.
  static List<String> names(String list) {
    return list.startsWith("{")
        ? Arrays.stream(list.substring(1, list.length() - 1).split(",")).map(String::strip).toList()
        : List.of(list);
  }

  /// Fails where the module is for devices that do not know the instruction.
  void needs(int capability) {
    if (code.target < capability) {
      throw unknown("needs sm_" + capability + ", the module is for sm_" + code.target);
    }
  }

  Long variable(String name) {
    Integer at = code.sharedAt.getOrDefault(name, code.localAt.get(name));
    return at == null ? null : (long) at;
  }

  /// `p`, `w` for 32 bits or `q` for 64.
  char kind(String register) {
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

  int constant64(long value) {
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
