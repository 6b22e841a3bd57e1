package org.amortis.engine.device.cuda.emulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.amortis.engine.device.cuda.emulator.PtxEntry.Line;

/// Makes steps of loads, stores and copies.
final class AccessTranslator {
  private static final Pattern ADDRESS = Pattern.compile("\\[([%\\w$]+)(?: ?\\+ ?(-?\\d+))?\\]");
  private static final List<String> SPACES = List.of("global", "shared", "local", "param");

  private final Translator in;

  AccessTranslator(Translator in) {
    this.in = in;
  }

  /// `ld` and `st`.
  Step of(Line line, String[] words) {
    boolean load = words[0].equals("ld");
    String type = words[words.length - 1];
    boolean named = words.length > 2 && SPACES.contains(words[1]);
    String where = named ? words[1] : "";
    int elements = 1;
    for (String w : Arrays.asList(words).subList(named ? 2 : 1, words.length - 1)) {
      switch (w) {
        case "v2" -> elements = 2;
        case "v4" -> elements = 4;
        default -> throw in.unknown("unknown instruction");
      }
    }
    if (!type.matches("[usbf](32|64)")) {
      throw in.unknown("unknown instruction");
    }
    in.count(2);
    List<String> names = Translator.names(in.operand(load ? 0 : 1));
    String place = in.operand(load ? 1 : 0);
    if (names.size() != elements) {
      throw in.unknown(elements + " elements expected");
    }
    boolean wide = type.endsWith("64");
    Access.Form form = wide ? Access.Form.DOUBLE_WORD : Access.Form.WORD;
    if (!wide && names.get(0).startsWith("%") && in.kind(names.get(0)) == 'q') {
      form = type.equals("s32") ? Access.Form.SIGNED : Access.Form.UNSIGNED;
    }
    char kind = form == Access.Form.WORD ? 'w' : 'q';
    int[] at =
        names.stream().mapToInt(n -> load ? in.result(n, kind) : in.source(n, kind)).toArray();
    if (load && where.equals("param")) {
      return new Control.LoadParameter(parameter(line, place, type), form, at[0]);
    }
    Access.Space space =
        switch (where) {
          case "global" -> Access.Space.GLOBAL;
          case "shared" -> Access.Space.SHARED;
          case "local" -> Access.Space.LOCAL;
          case "" -> Access.Space.GENERIC;
          default -> throw in.unknown("memory `" + where + "`");
        };
    Access.Address address = address(place);
    return load
        ? new Access.Load(space, address, form, at)
        : new Access.Store(space, address, form, at);
  }

  /// `cp.async`.
  Step copy(Line line) {
    in.needs(80);
    switch (line.opcode()) {
      case "cp.async.commit_group" -> {
        return new AsyncCopies.Commit();
      }
      case "cp.async.wait_all" -> {
        return new AsyncCopies.Wait(-1);
      }
      case "cp.async.wait_group" -> {
        return new AsyncCopies.Wait(Integer.parseInt(in.operand(0)));
      }
      case "cp.async.ca.shared.global", "cp.async.cg.shared.global" -> {
        int bytes = Integer.parseInt(in.operand(2));
        boolean known = bytes == 16 || line.opcode().contains(".ca.") && (bytes == 4 || bytes == 8);
        if (!known) {
          throw in.unknown(bytes + " bytes");
        }
        int given = in.source(in.operand(line.operands().size() > 3 ? 3 : 2), 'w');
        return new AsyncCopies.Begin(address(in.operand(0)), address(in.operand(1)), bytes, given);
      }
      default -> throw in.unknown("unknown instruction");
    }
  }

  /// The place of a parameter.
  private int parameter(Line line, String place, String type) {
    String name = place.substring(1, place.length() - 1);
    String declared = in.parameters().get(name);
    if (declared == null || !declared.substring(2).equals(type.substring(1))) {
      throw in.unknown("parameter " + name + " is " + declared + " in " + line.text());
    }
    return new ArrayList<>(in.parameters().keySet()).indexOf(name);
  }

  /// An address: `[register]`, `[register+number]` or the same with a variable.
  private Access.Address address(String text) {
    Matcher m = ADDRESS.matcher(text);
    if (!m.matches()) {
      throw in.unknown("address " + text);
    }
    long offset = m.group(2) == null ? 0 : Long.parseLong(m.group(2));
    Long variable = in.variable(m.group(1));
    if (variable != null) {
      return new Access.Address(true, in.constant64(variable), offset);
    }
    boolean wide = in.kind(m.group(1)) == 'q';
    return new Access.Address(wide, in.source(m.group(1), wide ? 'q' : 'w'), offset);
  }
}
