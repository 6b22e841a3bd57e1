package org.amortis.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.amortis.engine.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void keepsOrderAndRoundTrips() {
    Json.Obj value =
        Json.Obj.empty()
            .with("z", 1)
            .with("a", 0.1)
            .with("text", "Größe \"θ\" \\ \n \u0001 😀")
            .with("no", false)
            .with("nothing", Double.NaN)
            .with("empty", Json.Obj.empty())
            .with("list", new Json.Arr(List.of(Json.of(1), Json.Obj.empty().with("k", "v"))))
            .with("seed", Long.MIN_VALUE);
    assertThat(value.compact())
        .isEqualTo(
            "{\"z\":1,\"a\":0.1,\"text\":\"Größe \\\"θ\\\" \\\\ \\n \\u0001 😀\",\"no\":false,"
                + "\"nothing\":null,\"empty\":{},\"list\":[1,{\"k\":\"v\"}],"
                + "\"seed\":-9223372036854775808}");
    assertThat(Json.parse(value.compact(), "t")).isEqualTo(value);
    assertThat(Json.parse(value.pretty(), "t").asObject().members().keySet())
        .containsExactly("z", "a", "text", "no", "nothing", "empty", "list", "seed");
    assertThat(Json.parse(value.pretty(), "t")).isEqualTo(value);
    assertThat(value.canonical()).startsWith("{\"a\":0.1,\"empty\":{},\"list\":[1,");
    assertThat(value.require("seed").asInteger()).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void prettyTextIsStable() {
    Json value =
        Json.Obj.empty()
            .with("losses", Json.of(new double[] {1, 0.5, 1e-9}))
            .with("inner", Json.Obj.empty().with("k", new Json.Arr(List.of())))
            .with("rows", new Json.Arr(List.of(Json.Obj.empty().with("a", 1))));
    assertThat(value.pretty())
        .isEqualTo(
            """
            {
              "losses": [1, 0.5, 1e-9],
              "inner": {
                "k": []
              },
              "rows": [
                {
                  "a": 1
                }
              ]
            }
            """);
    double[] many = new double[100];
    assertThat(Json.of(many).pretty().lines()).allMatch(l -> l.length() < 110).hasSizeBetween(4, 8);
    assertThat(Json.parse(Json.of(many).pretty(), "t")).isEqualTo(Json.of(many));
  }

  @ParameterizedTest
  @CsvSource({
    "0.1,0.1",
    "1.0,1",
    "-2.5,-2.5",
    "1e-5,0.00001",
    "1e-6,0.000001",
    "1e-7,1e-7",
    "1e15,1e15",
    "123456789012345,123456789012345",
    "1.5e300,1.5e300",
    "4.9e-324,4.9e-324",
    "-0.0,-0.0",
    "0.0,0",
    "100,100",
    "0.30000000000000004,0.30000000000000004"
  })
  void writesTheShortestNumber(double value, String text) {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(Json.of(value).compact()).isEqualTo(text);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void everyDoubleComesBack() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        Json read = Json.parse(Json.of(value).compact(), "t");
        assertThat(Double.doubleToRawLongBits(read.asNumber()))
            .isEqualTo(Double.doubleToRawLongBits(value));
        assertThat(read).isEqualTo(Json.of(value));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{'a':1}",
        "{a:1}",
        "NaN",
        "Infinity",
        "-Infinity",
        "+1",
        "01",
        ".5",
        "1.",
        "1e999",
        "-1e999",
        "9223372036854775808",
        "1 2",
        "[] x",
        "{\"a\":1,\"a\":2}",
        "// c\n1",
        "/* c */1",
        "\"\u0001\"",
        "\"\\x\"",
        "\"\\ud800\"",
        "{\"\\udc00\":1}",
        "tru",
        "nul",
        "[1 2]",
        "\"unterminated",
        "\uFEFF1",
        "{\"a\"}",
        "{1:2}",
        "[\"a\":1]",
        "]"
      })
  void refusesEverythingElse(String text) {
    assertThatThrownBy(() -> Json.parse(text, "card.json"))
        .isInstanceOfSatisfying(
            Failure.class,
            f -> {
              assertThat(f.kind()).isEqualTo(Failure.Kind.DATA);
              assertThat(f.getMessage()).startsWith("card.json: ").doesNotContain("\n");
            });
  }

  @Test
  void errorsNameLineAndColumn() {
    assertThatThrownBy(() -> Json.parse("{\n  \"a\": 1,\n  \"a\": 2\n}", "run.json"))
        .hasMessageStartingWith("run.json: line 3, column ")
        .hasMessageContaining("Duplicate");
    assertThatThrownBy(() -> Json.parse("[1,\n 1e999]", "run.json"))
        .hasMessageStartingWith("run.json: line 2, column 2: number '1e999'");
  }

  @Test
  void boundsDepthAndRefusesBadUtf8() {
    String deep = "[".repeat(100_000);
    assertThatThrownBy(() -> Json.parse(deep, "x"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("64");
    byte[] bad = "\"abc\"".getBytes(StandardCharsets.UTF_8);
    bad[2] = (byte) 0xC0;
    assertThatThrownBy(() -> Json.parse(bad, "x"))
        .isInstanceOf(Failure.class)
        .hasMessage("x: byte 2: bytes that are not UTF-8, expected UTF-8 text");
  }

  @Test
  void typedAccessSaysWhatItFound() {
    Json.Obj object = Json.Obj.empty().with("a", 1.5).with("b", "x");
    assertThatThrownBy(() -> object.require("a").asInteger()).hasMessageContaining("1.5");
    assertThatThrownBy(() -> object.require("b").asNumber())
        .hasMessageContaining("expected a number");
    assertThatThrownBy(() -> object.require("c"))
        .hasMessageContaining("no member 'c' among [a, b]");
    assertThat(Json.parse("1.0", "x").asInteger()).isEqualTo(1);
  }
}
