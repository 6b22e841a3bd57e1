package org.amortis.io;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A stream that must hold exactly as many bytes as its entry declares: declared sizes may lie.
final class CountedStream extends FilterInputStream {
  private final long declared;
  private final String place;
  private long count;

  CountedStream(InputStream in, long declared, String place) {
    super(in);
    this.declared = declared;
    this.place = place;
  }

  @Override
  public int read() throws IOException {
    int b = in.read();
    count(b < 0 ? -1 : 1);
    return b;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    int n = in.read(to, offset, length);
    count(n);
    return n;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public long skip(long n) throws IOException {
    return Math.max(0, read(new byte[(int) Math.min(n, 4096)]));
  }

  private void count(int n) {
    count += Math.max(n, 0);
    if (n < 0 && count < declared) {
      throw Fault.data(place, count + " bytes", declared + " as declared");
    }
    if (count > declared) {
      throw Fault.data(place, "more bytes", declared + " as declared");
    }
  }

  /// Checks that nothing follows the declared bytes.
  void requireEnd() throws IOException {
    read();
  }
}
