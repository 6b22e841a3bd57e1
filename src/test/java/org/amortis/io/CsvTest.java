package org.amortis.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTest {
  @Test
  void writesNumbersAndQuotes(@TempDir Path folder) throws Exception {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr-TR"));
      Csv table = new Csv("method", "rmspe", "n").row("exact", 0.0289, 1000);
      table.row("a,b", Double.NaN, 5L).row("say \"hi\"\n", 0.1f, null);
      Path file = folder.resolve("table.csv");
      table.write(file);
      assertThat(Files.readString(file))
          .isEqualTo("method,rmspe,n\nexact,0.0289,1000\n\"a,b\",,5\n\"say \"\"hi\"\"\n\",0.1,\n");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void refusesRaggedRows() {
    Csv table = new Csv("a", "b");
    assertThatThrownBy(() -> table.row(1)).hasMessageContaining("row of 1 cells");
    assertThatThrownBy(() -> table.row(1, new Object()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
