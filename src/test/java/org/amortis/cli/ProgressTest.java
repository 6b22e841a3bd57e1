package org.amortis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.amortis.engine.Progress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("pure")
class ProgressTest {
  private static final long SECOND = 1_000_000_000L;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(bytes, true, UTF_8);
  private long now;

  private String text() {
    return bytes.toString(UTF_8).replace("\r\n", "\n");
  }

  /// One phase of 200 units, a unit every 100 ms, with a note after 100 of them.
  private void work(ShownProgress.Form form) {
    Progress progress = new ShownProgress(form, () -> now);
    progress.start("train \"nbe\"", 200);
    for (int i = 1; i <= 200; i++) {
      now += SECOND / 10;
      progress.advance(i);
      if (i == 100) {
        progress.note("loss 0.5");
      }
    }
    progress.done();
    progress.done();
  }

  @Test
  void plainLinesAreFewAndTellPaceAndTimeLeft() {
    work(new PlainLines(err));
    assertThat(text())
        .isEqualTo(
            """
            train "nbe": 50/200 (25%), 10/s, 0:15 left
            train "nbe": 100/200 (50%), 10/s, 0:10 left
            train "nbe": loss 0.5
            train "nbe": 150/200 (75%), 10/s, 0:05 left
            train "nbe": 200/200 (100%), 10/s, 0:00 left
            train "nbe": 200 in 0:20, 10/s
            """);
  }

  @Test
  void jsonHasOneObjectALineWithTheFieldsOfTheContract() {
    work(new JsonLines(err));
    assertThat(text().lines().toList())
        .hasSize(1 + 40 + 1 + 1)
        .allMatch(line -> line.startsWith("{\"phase\":\"train \\\"nbe\\\"\",\"done\":"))
        .allMatch(line -> line.endsWith("}"))
        .contains(
            "{\"phase\":\"train \\\"nbe\\\"\",\"done\":50,\"total\":200,\"rate\":10.000,\"eta_s\":15.0}",
            "{\"phase\":\"train \\\"nbe\\\"\",\"done\":100,\"total\":200,\"rate\":10.000,\"eta_s\":10.0,"
                + "\"note\":\"loss 0.5\"}");
  }

  @Test
  void jsonEscapesWhatIsNotAscii() {
    new JsonLines(err).note(new ShownProgress.Moment("\u03b8\n", 0, 0, 0, false), "\\");
    assertThat(text())
        .isEqualTo(
            "{\"phase\":\"\\u03b8\\u000a\",\"done\":0,\"total\":null,\"rate\":0.000,\"eta_s\":null,"
                + "\"note\":\"\\\\\"}\n");
  }

  @Test
  void theBarStaysOnOneLineThatFitsTheTerminal() {
    work(new Bar(err, 40));
    assertThat(text().split("\n")).hasSize(2);
    assertThat(text().split("\r\u001b\\[K")).allMatch(frame -> frame.stripTrailing().length() < 40);
    assertThat(text()).contains("loss 0.5\n").endsWith("200 in 0:20, 1\n");
  }

  @Test
  void theBarShowsPartPaceAndTimeLeft() {
    work(new Bar(err, 200));
    assertThat(text())
        .contains(
            "train \"nbe\"              [############............]  50%  100/200  10/s  0:10 left");
  }

  @Test
  void clocksAndRatesReadWell() {
    assertThat(ShownProgress.Moment.clock(59.6)).isEqualTo("1:00");
    assertThat(ShownProgress.Moment.clock(3725)).isEqualTo("1:02:05");
    assertThat(new ShownProgress.Moment("p", 1, 0, 8, false).rateText()).isEqualTo("0.13/s");
    assertThat(new ShownProgress.Moment("p", 1_200_000, 0, 1, false).rateText())
        .isEqualTo("1.2e+06/s");
  }
}
