package org.amortis.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A figure of the page: panels side by side over shared data.
///
/// @param caption plain text under the figure
/// @param grid CSS class that arranges the panels
/// @param legend names to list above the panels, empty for no legend
/// @param marks further legend entries: CSS class of the mark, then its text
/// @param data tables by name, as the templates call them
/// @param views the panels
record Figure(
    String caption,
    String grid,
    List<Entry> legend,
    Map<String, String> marks,
    Map<String, Data> data,
    List<View> views) {

  /// A name in the legend, with a dot or with a line.
  record Entry(String name, boolean dot) {}

  /// Legend entries with lines.
  static List<Entry> lines(List<String> names) {
    return names.stream().map(n -> new Entry(n, false)).toList();
  }

  /// The figure with the number `n` as HTML, its data included.
  String html(int n, Palette palette) {
    String id = "figure-" + n;
    StringBuilder out = new StringBuilder();
    out.append("<figure id=\"").append(id).append("\">\n");
    legend(out, palette);
    out.append("<div class=\"panels ").append(grid).append("\">\n");
    for (int i = 0; i < views.size(); i++) {
      panel(out, palette, views.get(i), id + "-" + (i + 1));
    }
    out.append("</div>\n<figcaption><p><b>Figure ").append(n).append(".</b> ");
    out.append(Html.prose(caption)).append("</p><p class=\"downloads\">");
    for (String name : data.keySet()) {
      out.append("<button type=\"button\" class=\"download\" data-figure=\"").append(id);
      out.append("\" data-table=\"").append(name).append("\">").append(name);
      out.append(".csv</button>");
    }
    out.append("</p></figcaption>\n");
    out.append("<script type=\"application/json\" class=\"figure-data\" data-figure=\"");
    out.append(id).append("\">").append(json(id)).append("</script>\n</figure>\n");
    return out.toString();
  }

  private static void panel(StringBuilder out, Palette palette, View view, String id) {
    out.append(view.title().isEmpty() ? "<div class=\"panel untitled\"" : "<div class=\"panel\"");
    if (view.method() != null) {
      out.append(" data-method=\"").append(Html.escape(view.method())).append('"');
    }
    out.append('>');
    if (!view.title().isEmpty()) {
      out.append("<h4>");
      if (view.method() != null) {
        out.append(dot(palette.colour(view.method())));
      }
      out.append(Html.escape(view.title())).append("</h4>");
    }
    out.append("<div class=\"view ").append(view.shape()).append("\" id=\"").append(id);
    out.append("\" role=\"group\" aria-label=\"").append(Html.escape(view.label()));
    out.append("\"></div></div>\n");
  }

  private void legend(StringBuilder out, Palette palette) {
    if (legend.isEmpty() && marks.isEmpty()) {
      return;
    }
    out.append("<div class=\"legend\">");
    for (Entry entry : legend) {
      String name = entry.name();
      String method = Html.escape(name);
      out.append("<button type=\"button\" class=\"chip\" aria-pressed=\"true\" data-method=\"");
      out.append(method)
          .append("\">")
          .append(
              entry.dot()
                  ? dot(palette.colour(name))
                  : line(palette.colour(name), palette.dash(name)));
      out.append(method).append("</button>");
    }
    marks.forEach((mark, text) ->
        out.append("<span class=\"mark\"><i class=\"")
            .append(mark)
            .append("\"></i>")
            .append(Html.escape(text))
            .append("</span>"));
    out.append("</div>\n");
  }

  /// A round swatch.
  static String dot(String colour) {
    return "<svg class=\"dot\" viewBox=\"0 0 10 10\" aria-hidden=\"true\"><circle cx=\"5\" cy=\"5\""
        + " r=\"4.5\" fill=\""
        + colour
        + "\"/></svg>";
  }

  private static String line(String colour, List<Integer> dash) {
    StringBuilder pattern = new StringBuilder();
    for (int pixels : dash) {
      pattern.append(pattern.isEmpty() ? "" : " ").append(pixels);
    }
    return "<svg class=\"line\" viewBox=\"0 0 26 10\" aria-hidden=\"true\"><line x1=\"0\" x2=\"26\""
        + " y1=\"5\" y2=\"5\" stroke-width=\"2.5\" stroke=\""
        + colour
        + "\" stroke-dasharray=\""
        + (dash.equals(List.of(1, 0)) ? "none" : pattern)
        + "\"/></svg>";
  }

  private String json(String id) {
    Map<String, Object> tables = new LinkedHashMap<>();
    data.forEach((name, table) -> tables.put(name, table.json()));
    StringBuilder out = new StringBuilder("{\"data\":").append(Json.write(tables));
    out.append(",\"views\":[");
    for (int i = 0; i < views.size(); i++) {
      out.append(i == 0 ? "" : ",\n").append(views.get(i).json(id + "-" + (i + 1)));
    }
    return out.append("]}").toString();
  }
}
