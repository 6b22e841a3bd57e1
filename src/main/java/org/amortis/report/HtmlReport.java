package org.amortis.report;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.amortis.io.AtomicFile;

/// A study's report as one HTML page that needs nothing else: no network, no server, no other file.
///
/// The charting scripts stand inside the page. A Content-Security-Policy allows these scripts by
/// their hashes and nothing more, so no text of a report can run and no request can leave the page.
/// The same report gives the same bytes.
public final class HtmlReport {
  private HtmlReport() {}

  /// The page as text.
  public static String render(StudyReport report) {
    List<String> methods = methods(report);
    Palette palette = new Palette(methods);
    List<String> scripts = new ArrayList<>();
    for (String name : Vendor.SCRIPTS) {
      scripts.add(Vendor.script(name));
    }
    scripts.add(Vendor.script("report.js"));

    StringBuilder out = new StringBuilder(1 << 20);
    head(out, report, scripts);
    out.append("<body>\n<header class=\"page\">\n<h1>").append(Html.escape(report.title()));
    out.append("</h1>\n<p class=\"subtitle\">").append(Html.prose(report.subtitle()));
    out.append("</p>\n");
    settings(out, report.settings());
    contents(out, report.sections());
    out.append("</header>\n<noscript><p class=\"note\">The figures of this page are drawn by the");
    out.append(" scripts inside it; without scripts only the tables are shown.</p></noscript>\n");
    out.append("<main>\n");
    int figures = 0;
    for (int s = 0; s < report.sections().size(); s++) {
      Section section = report.sections().get(s);
      out.append("<section id=\"section-").append(s + 1).append("\">\n<h2>");
      out.append(Html.escape(section.title())).append("</h2>\n");
      for (String paragraph : section.paragraphs()) {
        out.append("<p>").append(Html.prose(paragraph)).append("</p>\n");
      }
      for (Block block : section.blocks()) {
        out.append(table(block, palette));
        Optional<Figure> figure = figure(block, methods, palette);
        if (figure.isPresent()) {
          out.append(figure.get().html(++figures, palette));
        }
      }
      out.append("</section>\n");
    }
    out.append("</main>\n");
    footer(out);
    out.append("<script type=\"application/json\" id=\"theme\">");
    out.append(Vendor.text("theme.json").replaceAll("\\n\\s*", " ").strip());
    out.append("</script>\n");
    for (String script : scripts) {
      out.append("<script>").append(script).append("</script>\n");
    }
    return out.append("</body>\n</html>\n").toString();
  }

  /// Creates or replaces `file` in one step.
  ///
  /// @throws org.amortis.engine.Failure STORAGE if the page cannot be written
  public static void write(StudyReport report, Path file) {
    byte[] page = render(report).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(page));
  }

  private static void head(StringBuilder out, StudyReport report, List<String> scripts) {
    StringBuilder policy = new StringBuilder("default-src 'none'; script-src");
    for (String script : scripts) {
      policy.append(" '").append(Vendor.policyHash(script)).append('\'');
    }
    // Vega sets style attributes on what it draws; styles cannot fetch anything under this policy.
    policy.append("; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none';");
    policy.append(" form-action 'none'");
    out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"").append(policy);
    out.append("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.append("<meta name=\"color-scheme\" content=\"light\">\n");
    out.append("<meta name=\"referrer\" content=\"no-referrer\">\n");
    out.append("<link rel=\"icon\" href=\"data:,\">\n<title>");
    out.append(Html.escape(report.title())).append("</title>\n<style>\n");
    out.append(Vendor.text("report.css")).append("</style>\n</head>\n");
  }

  private static void settings(StringBuilder out, List<Setting> settings) {
    if (settings.isEmpty()) {
      return;
    }
    out.append("<dl class=\"settings\">\n");
    for (Setting setting : settings) {
      out.append("<div><dt>").append(Html.escape(setting.name())).append("</dt><dd>");
      out.append(Html.escape(setting.value())).append("</dd></div>\n");
    }
    out.append("</dl>\n");
  }

  private static void contents(StringBuilder out, List<Section> sections) {
    if (sections.size() < 2) {
      return;
    }
    out.append("<nav aria-label=\"sections\"><ol>");
    for (int s = 0; s < sections.size(); s++) {
      out.append("<li><a href=\"#section-").append(s + 1).append("\">");
      out.append(Html.escape(sections.get(s).title())).append("</a></li>");
    }
    out.append("</ol></nav>\n");
  }

  private static void footer(StringBuilder out) {
    out.append("<footer>\n<p>Written by Amortis. The page is self-contained: it loads nothing and");
    out.append(" sends nothing.</p>\n<details><summary>Licences of the charting scripts inside");
    out.append(" this page</summary><pre>").append(Html.escape(Vendor.text("vendor/LICENSES.txt")));
    out.append("</pre></details>\n</footer>\n");
  }

  private static String table(Block block, Palette palette) {
    return switch (block) {
      case ScoreTable t -> HtmlTables.scores(t, palette);
      case PublishedTable t -> HtmlTables.published(t, palette);
      case Timings t -> HtmlTables.timings(t, palette);
      case BreakEven b -> HtmlTables.breakEven(b, palette);
      case PlainTable t -> HtmlTables.plain(t, palette);
      case Micro _, Recovery _, LossCurves _, Panels _ -> "";
    };
  }

  private static Optional<Figure> figure(Block block, List<String> methods, Palette palette) {
    return switch (block) {
      case ScoreTable t -> ScoreFigure.of(t, palette);
      case Micro m -> Optional.of(MicroFigure.of(m, named(m, methods), palette));
      case Recovery r -> Optional.of(RecoveryFigure.of(r, palette));
      case LossCurves l -> LossFigure.of(l, palette);
      case BreakEven b -> BreakEvenFigure.of(b, palette);
      case Panels p -> Optional.of(PanelsFigure.of(p, palette));
      case PublishedTable _, PlainTable _, Timings _ -> Optional.empty();
    };
  }

  /// The methods of `micro` in the order of the page.
  private static List<String> named(Micro micro, List<String> order) {
    List<String> own = methods(micro);
    return order.stream().filter(own::contains).toList();
  }

  /// Every method that a report names, in order of appearance.
  private static List<String> methods(StudyReport report) {
    Set<String> all = new LinkedHashSet<>();
    for (Section section : report.sections()) {
      for (Block block : section.blocks()) {
        all.addAll(methods(block));
      }
    }
    return List.copyOf(all);
  }

  private static List<String> methods(Block block) {
    return switch (block) {
      case ScoreTable t -> t.rows().stream().map(ScoreTable.Row::method).toList();
      case PublishedTable t -> t.rows().stream().map(PublishedTable.Row::method).toList();
      case PlainTable _ -> List.of();
      case Recovery r -> r.methods().stream().map(Recovery.Estimates::method).toList();
      case LossCurves l -> l.curves().stream().map(LossCurves.Curve::method).toList();
      case Timings t -> t.costs().stream().map(Cost::method).toList();
      case BreakEven b -> b.costs().stream().map(Cost::method).toList();
      case Micro m -> methods(m);
      case Panels p ->
          p.panels().stream().flatMap(q -> q.layers().stream()).map(Panels.Layer::name).toList();
    };
  }

  private static List<String> methods(Micro micro) {
    Set<String> all = new LinkedHashSet<>();
    for (Micro.Field field : micro.fields()) {
      field.draws().forEach(d -> all.add(d.method()));
      field.estimates().forEach(e -> all.add(e.method()));
    }
    return List.copyOf(all);
  }
}
