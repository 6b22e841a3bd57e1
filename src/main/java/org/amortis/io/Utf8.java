package org.amortis.io;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Strict UTF-8: no overlong forms, no surrogates, no cut sequences.
final class Utf8 {
  private Utf8() {}

  /// Checks bytes before any parser sees them; `offset` is where they begin in `place`.
  static void check(byte[] bytes, String place, long offset) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer sink = CharBuffer.allocate(4096); // the text itself is not needed here
    CoderResult result;
    do {
      sink.clear();
      result = decoder.decode(in, sink, true);
    } while (result.isOverflow());
    if (result.isError()) {
      throw Fault.at(place, offset + in.position(), "bytes that are not UTF-8", "UTF-8 text");
    }
  }

  /// Whether a text can be written as UTF-8: every surrogate has its partner.
  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }
}
