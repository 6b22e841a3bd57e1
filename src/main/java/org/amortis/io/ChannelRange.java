package org.amortis.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// A range of a file as a stream; reading does not move the channel's position.
final class ChannelRange extends InputStream {
  private final FileChannel channel;
  private long at;
  private final long end;

  ChannelRange(FileChannel channel, long start, long length) {
    this.channel = channel;
    this.at = start;
    this.end = start + length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (at >= end) {
      return -1;
    }
    int n = channel.read(ByteBuffer.wrap(to, offset, (int) Math.min(count, end - at)), at);
    at += Math.max(n, 0);
    return n;
  }
}
