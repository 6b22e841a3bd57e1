package org.amortis.report;

import java.util.List;

/// The tables of a report as HTML.
final class HtmlTables {
  private HtmlTables() {}

  /// The proper scores, with the excess over the exact posterior where it is known.
  static String scores(ScoreTable table, Palette palette) {
    boolean excess =
        table.rows().stream()
            .anyMatch(r ->
                !r.method().equals("exact")
                    && (Double.isFinite(r.rmspe().excess())
                        || Double.isFinite(r.mis90().excess())
                        || Double.isFinite(r.crps().excess())));
    StringBuilder out = new StringBuilder("<table class=\"scores\">\n<thead>");
    out.append("<tr><th rowspan=\"2\" scope=\"col\">method</th>");
    out.append("<th colspan=\"4\" scope=\"colgroup\">score</th>");
    if (excess) {
      out.append("<th colspan=\"3\" scope=\"colgroup\" class=\"first\">");
      out.append("excess over exact, %</th>");
    }
    out.append("</tr>\n<tr>");
    for (String name : List.of("RMSPE", "MIS90", "CRPS")) {
      out.append("<th scope=\"col\">").append(name).append("<small>× 10⁻²</small></th>");
    }
    out.append("<th scope=\"col\">COV90<small>%</small></th>");
    if (excess) {
      out.append("<th scope=\"col\" class=\"first\">RMSPE<small>± se</small></th>");
      out.append("<th scope=\"col\">MIS90<small>± se</small></th>");
      out.append("<th scope=\"col\">CRPS<small>± se</small></th>");
    }
    out.append("</tr></thead>\n<tbody>\n");
    for (ScoreTable.Row row : table.rows()) {
      boolean exact = row.method().equals("exact");
      out.append(exact ? "<tr class=\"exact\">" : "<tr>").append(name(row.method(), palette));
      value(out, row.rmspe(), 2, !excess);
      value(out, row.mis90(), 2, !excess);
      value(out, row.crps(), 3, !excess);
      cell(out, "", Numbers.fixed(100 * row.cov90(), 1));
      if (excess) {
        excess(out, " first", row.rmspe(), exact);
        excess(out, "", row.mis90(), exact);
        excess(out, "", row.crps(), exact);
      }
      out.append("</tr>\n");
    }
    return scrolled(out.append("</tbody></table>").toString());
  }

  /// Scores by the published definitions, measured here and as printed.
  static String published(PublishedTable table, Palette palette) {
    StringBuilder out = new StringBuilder("<table class=\"scores\">\n<thead>");
    out.append("<tr><th rowspan=\"2\" scope=\"col\">method</th>");
    for (String name : List.of("RMSPE", "MIS90", "MCRPS", "COV90")) {
      String unit = name.equals("COV90") ? "%" : "× 10⁻²";
      out.append("<th colspan=\"2\" scope=\"colgroup\" class=\"first\">").append(name);
      out.append(" <small>").append(unit).append("</small></th>");
    }
    out.append("</tr>\n<tr>");
    for (int i = 0; i < 4; i++) {
      out.append("<th scope=\"col\" class=\"first\"><small>here</small></th>");
      out.append("<th scope=\"col\"><small>printed</small></th>");
    }
    out.append("</tr></thead>\n<tbody>\n");
    for (PublishedTable.Row row : table.rows()) {
      boolean exact = row.method().equals("exact");
      out.append(exact ? "<tr class=\"exact\">" : "<tr>").append(name(row.method(), palette));
      pair(out, 100 * row.here().rmspe(), 100 * row.printed().rmspe(), 2);
      pair(out, 100 * row.here().mis90(), 100 * row.printed().mis90(), 2);
      pair(out, 100 * row.here().mcrps(), 100 * row.printed().mcrps(), 2);
      pair(out, 100 * row.cov90Here(), 100 * row.cov90Printed(), 1);
      out.append("</tr>\n");
    }
    return scrolled(out.append("</tbody></table>").toString())
        + "<p class=\"note\">Printed figures: "
        + Html.escape(table.source())
        + ".</p>\n";
  }

  /// Training and inference times; with a reference also the number of fields that pays.
  static String timings(Timings timings, Palette palette) {
    StringBuilder out = new StringBuilder("<table class=\"scores\">\n<thead><tr>");
    out.append("<th scope=\"col\">method</th><th scope=\"col\">training</th>");
    out.append("<th scope=\"col\">per field</th><th scope=\"col\">1,000 fields, all told</th>");
    out.append("</tr></thead>\n<tbody>\n");
    for (Cost cost : timings.costs()) {
      out.append("<tr>").append(name(cost.method(), palette));
      cell(out, "", Numbers.seconds(cost.trainSeconds()));
      cell(out, "", Numbers.seconds(cost.secondsPerField()));
      cell(out, "", Numbers.seconds(cost.total(1000)));
      out.append("</tr>\n");
    }
    return scrolled(out.append("</tbody></table>").toString());
  }

  /// The number of fields from which each trained method is cheaper than the reference.
  static String breakEven(BreakEven block, Palette palette) {
    StringBuilder out = new StringBuilder("<table class=\"scores\">\n<thead><tr>");
    out.append("<th scope=\"col\">method</th><th scope=\"col\">cheaper than ");
    out.append(Html.escape(block.reference())).append(" from field</th>");
    out.append("</tr></thead>\n<tbody>\n");
    for (Cost cost : block.costs()) {
      if (!cost.method().equals(block.reference())) {
        out.append("<tr>").append(name(cost.method(), palette));
        cell(out, "", Numbers.count(cost.breakEven(block.referenceCost())));
        out.append("</tr>\n");
      }
    }
    return scrolled(out.append("</tbody></table>").toString());
  }

  /// Texts as they are.
  static String plain(PlainTable table, Palette palette) {
    StringBuilder out = new StringBuilder("<table class=\"scores\">\n<thead><tr>");
    for (String name : table.header()) {
      out.append("<th scope=\"col\">").append(Html.prose(name)).append("</th>");
    }
    out.append("</tr></thead>\n<tbody>\n");
    for (java.util.List<String> row : table.rows()) {
      String first = row.getFirst();
      String colour = palette.colour(first);
      out.append("<tr>");
      out.append(
          colour == null
              ? "<th scope=\"row\">" + Html.escape(first) + "</th>"
              : name(first, palette));
      for (String cell : row.subList(1, row.size())) {
        cell(out, "", Html.escape(cell));
      }
      out.append("</tr>\n");
    }
    String note = table.note();
    return scrolled(out.append("</tbody></table>").toString())
        + (note.isEmpty() ? "" : "<p class=\"note\">" + Html.prose(note) + "</p>\n");
  }

  private static String scrolled(String table) {
    return "<div class=\"scroll\" tabindex=\"0\">" + table + "</div>\n";
  }

  private static String name(String method, Palette palette) {
    return "<th scope=\"row\">"
        + Figure.dot(palette.colour(method))
        + Html.escape(method)
        + "</th>";
  }

  private static void cell(StringBuilder out, String css, String text) {
    out.append("<td").append(css.isEmpty() ? "" : " class=\"" + css.strip() + "\"").append('>');
    out.append(text.isEmpty() ? "<span class=\"none\">–</span>" : text.replace('-', '−'));
    out.append("</td>");
  }

  private static void excess(
      StringBuilder out, String css, ScoreTable.Score score, boolean reference) {
    if (reference || !Double.isFinite(score.excess())) {
      cell(out, css, "");
      return;
    }
    String text = Numbers.signed(100 * score.excess(), 1);
    cell(out, css, text + error(score.excessStandardError(), 1));
  }

  private static void value(
      StringBuilder out, ScoreTable.Score score, int decimals, boolean errors) {
    String text = Numbers.fixed(100 * score.value(), decimals);
    boolean shown = errors && !text.isEmpty();
    cell(out, "", shown ? text + error(score.standardError(), decimals) : text);
  }

  private static String error(double standardError, int decimals) {
    return Double.isFinite(standardError)
        ? "<small>± " + Numbers.fixed(100 * standardError, decimals) + "</small>"
        : "";
  }

  private static void pair(StringBuilder out, double here, double printed, int decimals) {
    cell(out, " first", Numbers.fixed(here, decimals));
    cell(out, "printed", Numbers.fixed(printed, decimals));
  }
}
