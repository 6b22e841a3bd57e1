package org.amortis.engine.device.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.amortis.engine.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The rules of kernels/README.md that a text can be checked for.
class DialectTest {
  private static final Path KERNELS = Path.of("..", "kernels");
  private static final Pattern DEFINED = Pattern.compile("#define (\\w+)");
  private static final Pattern FUNCTION =
      Pattern.compile(
          "\\b(?:DEVICE\\s+(?:GLOBAL\\s+|LOCAL\\s+|const\\s+)*\\w+[\\s*]+(\\w+)\\s*\\(|KERNEL(?:_(?:OF|RESIDENT)\\([^)]*\\))?\\s+(\\w+)\\s*\\()");
  private static final Pattern MACRO = Pattern.compile("#define \\w+\\(([^)]*)\\)");
  private static final Pattern CALL = Pattern.compile("\\b([A-Za-z_]\\w*)\\s*\\(");

  /// What C itself puts before a parenthesis.
  private static final Set<String> LANGUAGE =
      Set.of("if", "for", "while", "switch", "return", "sizeof", "defined", "_Pragma");

  /// Words of one device, and what a CUDA file might hold beside them.
  private static final Pattern FOREIGN =
      Pattern.compile(
          "\\b(get_\\w+_(?:id|size|groups)|__\\w+|threadIdx|blockIdx|blockDim|gridDim|atom(?:ic)?_\\w+|atomic[A-Z]\\w+"
              + "|barrier|convert_\\w+|double|half|size_t|(?:u?char|u?short|u?int|u?long|float|real)(?:2|3|4|8|16)"
              + "|goto|extern|restrict|volatile)\\b|#\\s*include|\\.\\.\\.");

  /// A literal with a point, an exponent, or in hexadecimal.
  private static final Pattern LITERAL =
      Pattern.compile(
          "(?<![\\w.])(?:\\d+\\.\\d*(?:[eE][-+]?\\d+)?|\\.\\d+(?:[eE][-+]?\\d+)?|\\d+[eE][-+]?\\d+|0[xX][0-9a-fA-F.]+[pP][-+]?\\d+)[fF]?");

  private static List<String> files(String end) throws IOException {
    try (Stream<Path> all = Files.list(KERNELS)) {
      return all.map(p -> p.getFileName().toString())
          .filter(n -> n.endsWith(end))
          .sorted()
          .toList();
    }
  }

  static List<String> families() throws IOException {
    return files(".c");
  }

  /// Families, and the headers that follow the dialect's.
  static List<String> texts() throws IOException {
    List<String> all = new ArrayList<>(KernelSource.HEADERS);
    all.addAll(ownHeaders());
    all.addAll(families());
    // Words that one dialect alone has, for families of that dialect.
    all.removeIf(n -> n.endsWith(".cuda.h"));
    return all;
  }

  /// Headers that stand before some families only.
  private static List<String> ownHeaders() throws IOException {
    return families().stream()
        .flatMap(f -> KernelSource.headers(f.replace(".c", "")).stream())
        .distinct()
        .toList();
  }

  private static String code(String file) throws IOException {
    return Files.readString(KERNELS.resolve(file)).replaceAll("//[^\n]*", "");
  }

  private static Set<String> found(Pattern p, String text) {
    Set<String> names = new TreeSet<>();
    Matcher m = p.matcher(text);
    while (m.find()) {
      for (int g = 1; g <= m.groupCount(); g++) {
        if (m.group(g) != null) {
          names.add(m.group(g));
        }
      }
    }
    return names;
  }

  private static Set<String> words(String dialect) throws IOException {
    String text = code("dialect." + dialect + ".h");
    Set<String> words = found(DEFINED, text);
    words.removeIf(w -> w.startsWith("AXIS")); // how the CUDA header says its places
    return words;
  }

  @Test
  void bothDialectsHaveTheSameWords() throws IOException {
    assertThat(words("opencl")).isEqualTo(words("cuda")).hasSizeGreaterThan(20);
    for (String dialect : List.of("opencl", "cuda")) {
      assertThat(code("dialect." + dialect + ".h"))
          .contains("typedef double real;", "typedef float real;");
    }
  }

  @Test
  void theTestKernelsUseEveryWord() throws IOException {
    String text = KernelSource.file("words.c");
    assertThat(words("opencl"))
        .allSatisfy(w -> assertThat(text).containsPattern("\\b" + w + "\\b"));
  }

  @Test
  void wordsOfOneDialectAreForFamiliesOfThatDialect() throws IOException {
    Set<String> single = new TreeSet<>();
    for (String file : families()) {
      String family = file.replace(".c", "");
      boolean own = KernelSource.headers(family).stream().anyMatch(h -> h.endsWith(".cuda.h"));
      List<String> dialects = KernelSource.of(family).dialects();
      assertThat(dialects).as(family).contains("cuda").hasSize(own ? 1 : 2);
      if (own) {
        single.add(family);
        assertThatThrownBy(() -> KernelSource.of(family).program("opencl"))
            .isInstanceOfSatisfying(
                Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.UNAVAILABLE))
            .hasMessageContaining("kernels/" + file);
      }
    }
    assertThat(single).containsExactlyInAnyOrder("staged", "tensor");
  }

  @Test
  void everyHeaderIsPartOfThePrograms() throws IOException {
    assertThat(files(".h"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Stream.of("dialect.cuda.h", "dialect.opencl.h"),
                    Stream.concat(KernelSource.HEADERS.stream(), ownHeaders().stream()))
                .toList());
    assertThat(KernelSource.of("spline").program("opencl"))
        .containsSubsequence("DEVICE Bin bin_of(", "spline_each(");
    assertThat(KernelSource.of("random").program("opencl"))
        .containsSubsequence(
            "DEVICE real real_exp(",
            "DEVICE real real_erf(",
            "DEVICE Words philox(",
            "KERNEL random_uniform(");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void nothingIsSaidInTheLanguageOfOneDevice(String file) throws IOException {
    assertThat(found(Pattern.compile("(" + FOREIGN.pattern() + ")"), code(file))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("texts")
  void onlyWordsAndOwnFunctionsAreCalled(String file) throws IOException {
    String text = code(file);
    Set<String> known = new TreeSet<>(LANGUAGE);
    known.addAll(words("opencl"));
    List<String> before = new ArrayList<>(KernelSource.HEADERS);
    if (file.endsWith(".c")) {
      before.addAll(KernelSource.headers(file.replace(".c", "")));
    }
    for (String header : before) {
      known.addAll(found(DEFINED, code(header)));
      known.addAll(found(FUNCTION, code(header)));
    }
    known.addAll(found(DEFINED, text));
    known.addAll(found(FUNCTION, text));
    found(MACRO, text).forEach(list -> known.addAll(List.of(list.split("\\s*,\\s*"))));
    Set<String> called = found(CALL, text);
    called.removeAll(known);
    assertThat(called).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("texts")
  void literalsHaveTheTypeOfTheKernel(String file) throws IOException {
    String text = code(file).replaceAll("\\bR\\(\\s*-?[\\w.]+(?:[-+]\\d+)?\\s*\\)", "");
    List<String> bare = new ArrayList<>();
    Matcher m = LITERAL.matcher(text);
    while (m.find()) {
      bare.add(m.group());
    }
    assertThat(bare).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("texts")
  void groupMemoryIsDeclaredAsArrays(String file) throws IOException {
    // A pointer into it says LOCAL_SPACE: in CUDA, LOCAL would make the pointer itself shared.
    assertThat(found(Pattern.compile("\\b(LOCAL\\b(?! \\w+ \\w+\\[).*)"), code(file))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("families")
  void noItemLeavesAKernelWithBarriersEarly(String file) throws IOException {
    String[] kernels = code(file).split("\\bKERNEL(?=\\b|_)");
    for (int k = 1; k < kernels.length; k++) {
      String body = body(kernels[k]);
      if (body.contains("BARRIER")) {
        assertThat(body).doesNotContainPattern("\\breturn\\b");
      }
    }
  }

  /// The text up to the brace that closes the first one.
  private static String body(String text) {
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
      if (depth == 0 && text.charAt(i) == '}') {
        return text.substring(0, i + 1);
      }
    }
    return text;
  }

  @ParameterizedTest
  @MethodSource("families")
  void entryPointsBearTheNameOfTheirFamily(String file) throws IOException {
    KernelSource source = KernelSource.of(file.replace(".c", ""));
    assertThat(source.entries()).isNotEmpty();
    assertThat(source.entries().keySet()).allMatch(e -> e.startsWith(source.family() + "_"));
    // Every KERNEL of the text is among them: none escaped the pattern that reads the lists.
    assertThat(code(file).split("\\bKERNEL(?:_OF|_RESIDENT)?\\b").length - 1)
        .isEqualTo(source.entries().size());
  }

  @ParameterizedTest
  @MethodSource("families")
  void buffersAreOpened(String file) throws IOException {
    String text = code(file);
    KernelSource source = KernelSource.of(file.replace(".c", ""));
    source
        .entries()
        .forEach((entry, parameters) -> {
          String body = body(text.substring(text.indexOf(entry + "(")));
          for (KernelSource.Parameter p : parameters) {
            if (p.use() != KernelSource.Use.SCALAR) {
              assertThat(body.replaceAll("\\s+", " "))
                  .as(entry)
                  .contains("OPEN_" + p.use() + "(" + p.type() + ", " + p.name() + ");");
            }
          }
        });
  }
}
