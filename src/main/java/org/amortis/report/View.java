package org.amortis.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One panel of a figure: a Vega-Lite template with its tokens filled in.
///
/// @param title heading above the panel, plain text, may be empty
/// @param method method the panel belongs to, null if none
/// @param label what the panel shows, for readers who cannot see it
/// @param shape CSS class that gives the panel its proportions
/// @param specification Vega-Lite JSON
/// @param where column and value that the rows of this panel have, empty for all rows
record View(
    String title,
    String method,
    String label,
    String shape,
    String specification,
    List<Object> where) {

  /// A template of `views/`, whose strings `"@name"` are replaced by JSON values.
  static final class Template {
    private String text;

    private Template(String text) {
      this.text = text;
    }

    static Template of(String name) {
      return new Template(Vendor.text("views/" + name + ".vl.json"));
    }

    /// Replaces every `"@name"` by the JSON of `value`.
    Template with(String name, Object value) {
      String token = "\"@" + name + "\"";
      if (!text.contains(token)) {
        throw new IllegalArgumentException("the template has no " + token);
      }
      text = text.replace(token, Json.write(value));
      return this;
    }

    String json() {
      int left = text.indexOf("\"@");
      if (left >= 0) {
        throw new IllegalStateException(
            "unfilled token " + text.substring(left, Math.min(left + 20, text.length())));
      }
      return text.replaceAll("\\n\\s*", " ").strip();
    }
  }

  /// The panel's entry in the page's data: where it goes, what it draws.
  String json(String at) {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("at", at);
    if (!where.isEmpty()) {
      head.put("where", where);
    }
    String open = Json.write(head);
    return open.substring(0, open.length() - 1) + ",\"spec\":" + specification + "}";
  }
}
