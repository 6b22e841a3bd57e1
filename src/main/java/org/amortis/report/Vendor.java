package org.amortis.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/// Files that stand beside this class: the charting scripts, the style, the view templates.
final class Vendor {
  /// The charting scripts in the order a page loads them.
  static final List<String> SCRIPTS =
      List.of("vendor/vega.min.js", "vendor/vega-lite.min.js", "vendor/vega-embed.min.js");

  private Vendor() {}

  /// The text of a file in this package.
  static String text(String name) {
    try (InputStream in = Vendor.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the library lacks its file org/amortis/report/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A script's text as it may stand inside a page.
  ///
  /// The last line that names a source map is dropped: no such file lies beside a report.
  static String script(String name) {
    String text = text(name).replaceFirst("\n//# sourceMappingURL=\\S*\\s*$", "\n");
    if (text.contains("</script") || text.contains("<!--")) {
      throw new IllegalStateException(name + " cannot stand inside a script element");
    }
    return text;
  }

  /// The source expression `sha256-...` of a script for a Content-Security-Policy.
  static String policyHash(String script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
