package org.amortis.engine.device.cuda.emulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A module: entry points by name.
///
/// @param target compute capability, 70 for sm_70
public record PtxModule(int target, Map<String, PtxEntry> entries) {
  /// Reads a module's text.
  ///
  /// @throws PtxFault UNKNOWN for a directive that the emulator does not know
  public static PtxModule of(String text) {
    PtxReader in = new PtxReader(text);
    Map<String, PtxEntry> entries = new LinkedHashMap<>();
    int target = 0;
    for (String word = in.word(); !word.isEmpty(); word = in.word()) {
      switch (word) {
        case ".version", ".address_size" -> {
          String number = in.word();
          if (!List.of("8.0", "64").contains(number)) {
            throw in.unknown(word + " " + number);
          }
        }
        case ".target" -> target = Integer.parseInt(in.word().substring(3));
        case ".visible" -> {
          in.expect(".entry");
          PtxEntry e = PtxEntry.read(in);
          entries.put(e.name(), e);
        }
        default -> throw in.unknown(word);
      }
    }
    return new PtxModule(target, entries);
  }
}
