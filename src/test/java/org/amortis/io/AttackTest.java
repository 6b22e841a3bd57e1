package org.amortis.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.amortis.engine.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every hostile file is refused with one clear line, before memory is taken for its claims.
class AttackTest {
  /// The readers with their corpora.
  enum Format {
    NPY(Npy::read),
    NPZ(file -> Npz.read(file, new Npz.Limits(1024, 1 << 26))),
    SAFETENSORS(Safetensors::read);

    final Consumer<Path> reader;

    Format(Consumer<Path> reader) {
      this.reader = reader;
    }

    Map<String, byte[]> corpus() {
      return switch (this) {
        case NPY -> NpyAttacks.corpus();
        case NPZ -> ZipAttacks.corpus();
        case SAFETENSORS -> SafetensorsAttacks.corpus();
      };
    }
  }

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Format.class)
  void refusesEachWithOneLine(Format format) throws IOException {
    Path file = folder.resolve("attack");
    for (Map.Entry<String, byte[]> attack : format.corpus().entrySet()) {
      Files.write(file, attack.getValue());
      Throwable thrown = null;
      try {
        format.reader.accept(file);
      } catch (Throwable t) {
        thrown = t;
      }
      assertThat(thrown).as(attack.getKey()).isInstanceOf(Failure.class);
      Failure failure = (Failure) thrown;
      assertThat(failure.kind()).as(attack.getKey()).isEqualTo(Failure.Kind.DATA);
      assertThat(failure.getMessage())
          .as(attack.getKey())
          .startsWith(file + ": ")
          .hasSizeLessThan(file.toString().length() + 500)
          .matches(m -> m.chars().allMatch(c -> c >= ' ' && c < 127), "printable");
    }
  }

  /// The same in a Java process of 64 MB that also counts the bytes each refusal allocates.
  @Test
  void refusesAllInASmallHeap() throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName()));
    for (Format format : Format.values()) {
      Path corpus = Files.createDirectory(folder.resolve(format.name()));
      int number = 0;
      for (byte[] attack : format.corpus().values()) {
        Files.write(corpus.resolve(String.format("%03d", number++)), attack);
      }
      command.add(corpus.toString());
    }
    Path output = folder.resolve("output");
    Process child =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = child.waitFor(120, TimeUnit.SECONDS);
    child.destroyForcibly();
    String text = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(ended).as(text).isTrue();
    assertThat(child.exitValue()).as(text).isZero();
    assertThat(text).contains("all refused");
  }

  /// The main class of the small process.
  static final class SmallHeap {
    private static final long MOST = 24 << 20; // a header of 8 MiB and the text it is read into

    public static void main(String[] args) throws IOException {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      for (int i = 0; i < args.length; i++) {
        Format format = Format.values()[i];
        List<Path> files;
        try (var list = Files.list(Path.of(args[i]))) {
          files = list.sorted().toList();
        }
        for (Path file : files) {
          long before = threads.getCurrentThreadAllocatedBytes();
          long start = System.nanoTime();
          String line = "accepted";
          try {
            format.reader.accept(file);
          } catch (Failure refused) {
            line = refused.getMessage();
          }
          long allocated = threads.getCurrentThreadAllocatedBytes() - before;
          long millis = (System.nanoTime() - start) / 1_000_000;
          System.out.printf("%,12d bytes %5d ms %s%n", allocated, millis, line);
          if (line.equals("accepted") || allocated > MOST) {
            System.out.println("not refused within bounds: " + format + " " + file);
            System.exit(1);
          }
        }
      }
      System.out.println("all refused");
    }
  }
}
