package org.amortis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Documentation comments are Markdown, and the formatter breaks their lines: where a line of a
/// formula then begins with a minus, a plus or a greater sign, it becomes a list or a quotation.
@Tag("pure")
class CommentsTest {
  /// The lines at which a code span that an earlier line opened is cut by such a sign.
  static List<Integer> cut(List<String> lines) {
    List<Integer> found = new ArrayList<>();
    boolean fenced = false;
    boolean open = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      String text = line.startsWith("///") ? line.substring(3).strip() : "";
      if (text.startsWith("```")) {
        fenced = !fenced;
      }
      if (text.isEmpty() || fenced || text.startsWith("```") || text.startsWith("@")) {
        open = false;
      }
      if (open && text.matches("([-+*>]|1[.)])(\\s.*)?")) {
        found.add(i + 1);
      }
      if (!fenced && !text.startsWith("```")) {
        open ^= text.chars().filter(c -> c == '`').count() % 2 == 1;
      }
    }
    return found;
  }

  @Test
  void noFormulaBecomesAListOrAQuotation() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    root = Files.exists(root.resolve("README.md")) ? root : root.getParent();
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root.resolve("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
        cut(Files.readAllLines(file)).forEach(n -> found.add(file.getFileName() + ":" + n));
      }
    }
    assertThat(found).as("put the formula into a block of its own").isEmpty();
  }

  @Test
  void aCutFormulaIsFound() {
    assertThat(cut(List.of("/// The sum `a", "/// - b` of two.", "/// - a list, no formula")))
        .containsExactly(2);
    assertThat(cut(List.of("/// ```", "/// a `", "/// - b", "/// ```", "int x;", "/// - c")))
        .isEmpty();
  }
}
