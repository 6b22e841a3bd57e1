import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes the float64 twin of every float32 source: {@code Name32.java} becomes {@code Name64.java}
 * unless a hand-written twin stands beside it. Runs at build time with any JDK from 17 on.
 */
public final class Float64 {
  private record Rule(Pattern pattern, String replacement) {
    static Rule of(String regex, String replacement) {
      return new Rule(Pattern.compile(regex), replacement);
    }
  }

  private static final List<Rule> RULES =
      List.of(
          Rule.of("\\bfloat\\b", "double"),
          Rule.of("\\bFloat(?=Vector\\b|\\.|\\b)", "Double"),
          Rule.of("\\bFLOAT32\\b", "FLOAT64"),
          Rule.of("(?<![\\w.])(\\d+(?:\\.\\d*)?(?:[eE][-+]?\\d+)?)f\\b", "$1d"),
          Rule.of("\\b([A-Za-z]\\w*?)32\\b", "$164"));

  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    Path target = Path.of(args[1]);
    List<Path> sources;
    try (Stream<Path> walk = Files.walk(root)) {
      sources = walk.filter(p -> p.getFileName().toString().endsWith("32.java")).sorted().toList();
    }
    Set<Path> twins = new HashSet<>();
    for (Path source : sources) {
      String name = source.getFileName().toString().replace("32.java", "64.java");
      if (Files.exists(source.resolveSibling(name))) {
        continue;
      }
      String text = Files.readString(source);
      for (Rule rule : RULES) {
        text = rule.pattern().matcher(text).replaceAll(rule.replacement());
      }
      Path out = target.resolve(root.relativize(source)).resolveSibling(name);
      twins.add(out);
      Files.createDirectories(out.getParent());
      if (!Files.exists(out) || !Files.readString(out).equals(text)) {
        Files.writeString(out, text);
      }
    }
    removeOthers(target, twins);
  }

  /** A source that was renamed or removed leaves no twin behind. */
  private static void removeOthers(Path target, Set<Path> twins) throws IOException {
    if (!Files.isDirectory(target)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> walk = Files.walk(target)) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      if (!twins.contains(file)) {
        Files.delete(file);
      }
    }
  }
}
