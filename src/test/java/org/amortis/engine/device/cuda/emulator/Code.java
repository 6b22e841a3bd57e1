package org.amortis.engine.device.cuda.emulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An entry point made ready: steps, and how many registers they use.
public final class Code {
  /// Bytes of shared memory that a group may have where nothing is asked for at the launch.
  static final int MOST_SHARED = 48 << 10;

  final PtxEntry entry;
  final int target;
  Step[] steps;
  private int[] kinds;

  /// Rows of 32 elements; row 0 takes results that are blended.
  int rows32 = 1;

  int rows64 = 1;
  int predicates;

  /// Rows with the same value in all lanes: constants, parameters, places of variables.
  final Map<Integer, Integer> constants32 = new LinkedHashMap<>();

  final Map<Integer, Integer> constantsP = new LinkedHashMap<>();

  final Map<Long, Integer> constants64 = new LinkedHashMap<>();

  /// Rows of special registers by name.
  final Map<String, Integer> special = new LinkedHashMap<>();

  /// Place of each shared variable; between them lies memory that belongs to none.
  final Map<String, Integer> sharedAt = new LinkedHashMap<>();

  final Map<String, Integer> localAt = new LinkedHashMap<>();

  /// For every word of shared memory whether it belongs to a variable.
  boolean[] sharedOwned;

  /// Bytes of the variables, without the space between them.
  int sharedBytes;

  int localBytes;

  private Code(PtxEntry entry, int target) {
    this.entry = entry;
    this.target = target;
  }

  /// Makes an entry of a module ready.
  ///
  /// @throws PtxFault UNKNOWN for an instruction that the emulator does not know
  public static Code of(PtxModule module, String name) {
    PtxEntry entry = module.entries().get(name);
    Code code = new Code(entry, module.target());
    code.place();
    new Translator(code).translate();
    return code;
  }

  /// The entry's name.
  public String name() {
    return entry.name();
  }

  /// Whether it asks how many groups there are along x: then it is right for any number of them.
  public boolean anyGroups() {
    return special.containsKey("%nctaid.x");
  }

  /// Classes of the steps ([Counters.Kind]).
  int[] kinds() {
    if (kinds == null) {
      kinds = Counters.kinds(steps);
    }
    return kinds;
  }

  /// Types of the parameters: `.u64`, `.f32`, ...
  List<String> parameterTypes() {
    return new ArrayList<>(entry.parameters().values());
  }

  /// Gives variables their places: no better aligned than they are declared, and with at least 128
  /// bytes that nobody owns before and behind each.
  private void place() {
    int at = 128;
    List<int[]> owned = new ArrayList<>();
    for (PtxEntry.Variable v : entry.shared()) {
      sharedBytes = (sharedBytes + v.align() - 1) / v.align() * v.align() + v.bytes();
      int place = at + (v.align() < 128 ? v.align() : 0);
      if (place % 4 != 0) {
        throw new PtxFault(PtxFault.Kind.UNKNOWN, v.name() + ": alignment " + v.align());
      }
      sharedAt.put(v.name(), place);
      owned.add(new int[] {place / 4, (place + v.bytes() + 3) / 4});
      at = (place + v.bytes() + 127) / 128 * 128 + 128;
    }
    sharedOwned = new boolean[at / 4];
    owned.forEach(o -> java.util.Arrays.fill(sharedOwned, o[0], o[1], true));
    for (PtxEntry.Variable v : entry.local()) {
      localBytes = (localBytes + v.align() - 1) / v.align() * v.align();
      localAt.put(v.name(), localBytes);
      localBytes += (v.bytes() + 7) / 8 * 8;
    }
  }
}
