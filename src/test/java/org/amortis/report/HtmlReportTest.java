package org.amortis.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
  private static final Pattern RUN = Pattern.compile("(?s)<script>(.*?)</script>");
  private static final Pattern JSON =
      Pattern.compile("(?s)<script type=\"application/json\"[^>]*>(.*?)</script>");
  private static final String HOSTILE =
      "</script><script>alert(1)</script><!--\"'&\u2028\u0000\\ <img src=x onerror=alert(1)>";

  private static StudyReport demo() {
    return ReportDemo.report(1_000, ReportDemo.METHODS, true);
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult m) -> m.group(1)).toList();
  }

  private static byte[] sha256(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  private static void parse(String json) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      while (parser.nextToken() != null) {
        assertThat(parser.currentToken()).isNotNull();
      }
    }
  }

  @Test
  void vendoredScriptsMatchTheirHashes() throws Exception {
    TreeSet<String> named = new TreeSet<>();
    for (String line : Vendor.text("vendor/SHA256SUMS").lines().toList()) {
      String[] parts = line.split("  ");
      try (InputStream in = Vendor.class.getResourceAsStream("vendor/" + parts[1])) {
        assertThat(HexFormat.of().formatHex(sha256(in.readAllBytes()))).isEqualTo(parts[0]);
      }
      named.add("vendor/" + parts[1]);
    }
    assertThat(named).containsExactlyInAnyOrderElementsOf(Vendor.SCRIPTS);
  }

  @Test
  void policyAllowsExactlyTheScriptsOfThePage() throws Exception {
    String page = HtmlReport.render(demo());
    String policy =
        all(Pattern.compile("Content-Security-Policy\" content=\"([^\"]*)\""), page).getFirst();
    List<String> hashes = all(Pattern.compile("'sha256-([^']*)'"), policy);
    List<String> expected = new ArrayList<>();
    for (String script : all(RUN, page)) {
      byte[] digest = sha256(script.getBytes(StandardCharsets.UTF_8));
      expected.add(Base64.getEncoder().encodeToString(digest));
    }
    assertThat(hashes).hasSize(4).isEqualTo(expected);
    assertThat(policy).startsWith("default-src 'none';").doesNotContain("eval", "http", "*");
    assertThat(policy.replaceAll(";.*?script-src[^;]*", "")).doesNotContain("script");
    assertThat(page.indexOf("Content-Security-Policy")).isLessThan(page.indexOf("<script"));
    assertThat(page.split("<script", -1))
        .hasSize(1 + all(RUN, page).size() + all(JSON, page).size());
  }

  @Test
  void pageNamesNoOtherFile() {
    String page = HtmlReport.render(demo());
    String markup =
        page.replaceAll("(?s)<script.*?</script>", "").replaceAll("(?s)<pre>.*</pre>", "");
    assertThat(markup)
        .doesNotContain("http:", "https:", "src=", "@import", "url(", " style=", " onclick");
    assertThat(page).doesNotContain("sourceMappingURL");
    for (String link : all(Pattern.compile("href=\"([^\"]*)\""), markup)) {
      assertThat(link).matches("#section-\\d+|data:,");
    }
  }

  @Test
  void everyStringIsEscaped() throws Exception {
    StudyReport report =
        new StudyReport(
            HOSTILE,
            HOSTILE,
            List.of(new Setting(HOSTILE, HOSTILE)),
            List.of(
                new Section(
                    HOSTILE,
                    List.of(HOSTILE),
                    List.of(
                        ReportDemo.scores(10, List.of(HOSTILE)),
                        new PublishedTable(HOSTILE, ReportDemo.published().rows()),
                        new PlainTable(
                            List.of(HOSTILE, "b"), List.of(List.of(HOSTILE, HOSTILE)), HOSTILE),
                        ReportDemo.micro(List.of(HOSTILE, "NBE")),
                        ReportDemo.recovery(10, List.of(HOSTILE)),
                        ReportDemo.losses(List.of(HOSTILE)),
                        new Panels(
                            HOSTILE,
                            List.of(
                                new Panels.Panel(
                                    HOSTILE,
                                    Panels.Axis.fitted(HOSTILE),
                                    Panels.Axis.fitted(HOSTILE),
                                    List.of(
                                        new Panels.Curve(HOSTILE, new double[2], new double[2]))))),
                        new Timings(ReportDemo.costs(List.of(HOSTILE))),
                        new BreakEven(
                            HOSTILE, List.of(new Cost(HOSTILE, 0, 1), new Cost("b", 9, 0)))))));
    String page = HtmlReport.render(report);
    String clean = HtmlReport.render(demo());
    String markup = page.replaceAll("(?s)<script>.*?</script>", "");
    assertThat(page).doesNotContain("alert(1)</script>");
    assertThat(markup).doesNotContain("<img", "<!--", "\u0000");
    assertThat(all(RUN, page)).isEqualTo(all(RUN, clean));
    assertThat(page).contains("&lt;/script&gt;", "\\u003c/script\\u003e");
    assertThat(all(JSON, page)).hasSizeGreaterThan(4);
    for (String json : all(JSON, page)) {
      assertThat(json).doesNotContain("<", "\u2028");
      parse(json);
    }
  }

  @Test
  void repeatsByteForByteInEveryLocale() {
    Locale before = Locale.getDefault();
    try {
      String first = HtmlReport.render(demo());
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertThat(HtmlReport.render(demo())).isEqualTo(first);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void staysBelowFiveMegabytes() {
    List<String> eight = new ArrayList<>(ReportDemo.METHODS);
    eight.add("NLE");
    String page = HtmlReport.render(ReportDemo.report(1_000, eight, true));
    assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(2_500_000);
    assertThat(page).contains("of the 1,000 test fields are shown");
    String ten = HtmlReport.render(ReportDemo.report(10_000, eight, true));
    assertThat(ten.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(2_500_000);
  }

  @Test
  void isCompleteWithoutTimes() {
    String page = HtmlReport.render(ReportDemo.report(100, ReportDemo.METHODS, false));
    assertThat(page).doesNotContain("What it costs", "cheaper than");
    assertThat(page.split("<figure ", -1)).hasSize(1 + 4);
  }

  @Test
  void leavesOutWhatIsNotDefined() throws Exception {
    double none = Double.NaN;
    ScoreTable nothing =
        new ScoreTable(
            5,
            List.of(
                new ScoreTable.Row(
                    "fKL",
                    ScoreTable.Score.NONE,
                    ScoreTable.Score.NONE,
                    ScoreTable.Score.NONE,
                    none,
                    ScoreTable.Medians.NONE,
                    none,
                    none)));
    double[] gaps = new double[4];
    Arrays.fill(gaps, none);
    float[][] field = new float[16][16];
    Arrays.stream(field).forEach(row -> Arrays.fill(row, Float.NaN));
    Micro.Field empty =
        new Micro.Field(
            field,
            none,
            new double[0],
            new double[0],
            List.of(new Micro.Draws("fKL", gaps)),
            List.of(new Micro.Estimate("NBE", none)));
    StudyReport report =
        new StudyReport(
            "",
            "",
            List.of(),
            List.of(
                new Section(
                    "",
                    List.of(),
                    List.of(
                        nothing,
                        new Micro("θ", 0, 0.6, List.of(empty)),
                        new Recovery(
                            "θ",
                            0,
                            0.6,
                            gaps,
                            List.of(new Recovery.Estimates("fKL", gaps, gaps, gaps))),
                        new LossCurves(
                            List.of(new LossCurves.Curve("fKL", "", gaps, new double[0]))),
                        new Timings(List.of(new Cost("fKL", none, none))),
                        new BreakEven("fKL", List.of(new Cost("fKL", none, none)))))));
    String page = HtmlReport.render(report);
    String tables = page.substring(page.indexOf("<main>"), page.indexOf("</main>"));
    assertThat(tables).doesNotContain("NaN").contains("<span class=\"none\">");
    for (String json : all(JSON, page)) {
      parse(json);
    }
  }

  @Test
  void aPanelWithoutATitleLeavesRoomForItsMenu() {
    Panels.Axis axis = Panels.Axis.fitted("x");
    double[] x = {0, 1};
    Panels.Panel bare = new Panels.Panel("", axis, axis, List.of(new Panels.Curve("curve", x, x)));
    StudyReport report =
        new StudyReport(
            "t",
            "s",
            List.of(),
            List.of(new Section("a", List.of(), List.of(new Panels("c", List.of(bare))))));
    assertThat(HtmlReport.render(report))
        .contains("<div class=\"panel untitled\"", ".panel.untitled { padding-top");
  }

  @Test
  void writesTheRenderedPage(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("report.html");
    Files.writeString(file, "old");
    HtmlReport.write(demo(), file);
    assertThat(file).hasContent(HtmlReport.render(demo()));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }
}
