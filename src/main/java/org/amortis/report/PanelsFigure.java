package org.amortis.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A figure of free form as Vega-Lite, one view a panel.
final class PanelsFigure {
  private static final String HIDDEN = "indexof(off, datum.name) >= 0";

  private final Palette palette;
  private final Data marks = new Data("panel", "layer", "name", "part", "i", "x", "y", "y2");
  private final Data cells = new Data("panel", "layer", "x", "y", "z");

  private PanelsFigure(Palette palette) {
    this.palette = palette;
  }

  static Figure of(Panels block, Palette palette) {
    PanelsFigure figure = new PanelsFigure(palette);
    List<View> views = new ArrayList<>();
    Map<String, String> ramps = new LinkedHashMap<>();
    Set<String> lines = new LinkedHashSet<>();
    Set<String> names = new LinkedHashSet<>();
    for (int k = 0; k < block.panels().size(); k++) {
      Panels.Panel panel = block.panels().get(k);
      views.add(
          new View(
              panel.title(),
              null,
              panel.title() + ": " + panel.y().title() + " against " + panel.x().title(),
              "square",
              Json.write(figure.specification(panel, k)),
              List.of("panel", k)));
      for (Panels.Layer layer : panel.layers()) {
        if (layer instanceof Panels.Surface s) {
          String tone =
              switch (s.tones()) {
                case SEQUENTIAL -> "ramp";
                case PALE -> "ramp pale";
                case RED_WHITE_BLUE -> "ramp diverging";
              };
          String text = s.name() + " from " + end(s.lower()) + " to " + end(s.upper());
          ramps.merge(tone, text, (a, b) -> a.contains(b) ? a : a + ", " + b);
        } else {
          names.add(layer.name());
          if (!(layer instanceof Panels.Points)) {
            lines.add(layer.name());
          }
        }
      }
    }
    Map<String, Data> data = new LinkedHashMap<>();
    if (figure.marks.size() > 0) {
      data.put("marks", figure.marks);
    }
    if (figure.cells.size() > 0) {
      data.put("cells", figure.cells);
    }
    List<Figure.Entry> legend =
        names.stream().map(n -> new Figure.Entry(n, !lines.contains(n))).toList();
    String grid = List.of("one", "one", "two", "three", "four").get(Math.min(4, views.size()));
    return new Figure(block.caption(), grid, legend, ramps, data, views);
  }

  private static String end(double value) {
    return Json.write(value).replace('-', '−');
  }

  private Map<String, Object> specification(Panels.Panel panel, int k) {
    List<Object> layers = new ArrayList<>();
    for (int l = 0; l < panel.layers().size(); l++) {
      layers.add(
          switch (panel.layers().get(l)) {
            case Panels.Points p -> points(p, panel, k, l);
            case Panels.Curve c -> curve(c, panel, k, l);
            case Panels.Band b -> band(b, panel, k, l);
            case Panels.Surface s -> surface(s, panel, k, l);
          });
    }
    return object(
        "width",
        "container",
        "height",
        "container",
        "autosize",
        object("type", "fit", "contains", "padding"),
        "params",
        List.of(object("name", "off", "value", List.of())),
        "layer",
        layers);
  }

  private Map<String, Object> points(Panels.Points p, Panels.Panel panel, int k, int l) {
    for (int i = 0; i < p.x().length; i++) {
      if (Double.isFinite(p.x()[i]) && Double.isFinite(p.y()[i])) {
        marks.row(k, l, p.name(), 0, i, p.x()[i], p.y()[i], null);
      }
    }
    Map<String, Object> encoding = axes(panel, "x", "y");
    encoding.put("opacity", opacity(0.6));
    encoding.put(
        "tooltip",
        List.of(
            object("field", "name", "title", "points"),
            object("field", "x", "title", panel.x().title(), "format", ".4~g"),
            object("field", "y", "title", panel.y().title(), "format", ".4~g")));
    return layer(
        "marks",
        l,
        object(
            "type",
            "point",
            "filled",
            true,
            "size",
            p.x().length > 20 ? 13 : 70,
            "color",
            palette.colour(p.name()),
            "clip",
            true),
        encoding);
  }

  private Map<String, Object> curve(Panels.Curve c, Panels.Panel panel, int k, int l) {
    int part = 0;
    for (int i = 0; i < c.x().length; i++) {
      if (Double.isFinite(c.x()[i]) && Double.isFinite(c.y()[i])) {
        marks.row(k, l, c.name(), part, i, c.x()[i], c.y()[i], null);
      } else {
        part++;
      }
    }
    Map<String, Object> encoding = axes(panel, "x", "y");
    encoding.put("opacity", opacity(0.95));
    encoding.put("detail", object("field", "part"));
    encoding.put("order", object("field", "i"));
    return layer(
        "marks",
        l,
        object(
            "type",
            "line",
            "strokeWidth",
            1.9,
            "color",
            palette.colour(c.name()),
            "strokeDash",
            palette.dash(c.name()),
            "clip",
            true),
        encoding);
  }

  private Map<String, Object> band(Panels.Band b, Panels.Panel panel, int k, int l) {
    for (int i = 0; i < b.x().length; i++) {
      if (Double.isFinite(b.low()[i]) && Double.isFinite(b.high()[i])) {
        marks.row(k, l, b.name(), 0, i, b.x()[i], b.low()[i], b.high()[i]);
      }
    }
    Map<String, Object> encoding = axes(panel, "x", "y");
    encoding.put("y2", object("field", "y2"));
    encoding.put("opacity", opacity(0.22));
    return layer(
        "marks",
        l,
        object("type", "area", "line", false, "color", palette.colour(b.name()), "clip", true),
        encoding);
  }

  private Map<String, Object> surface(Panels.Surface s, Panels.Panel panel, int k, int l) {
    for (int i = 0; i < s.x().length; i++) {
      for (int j = 0; j < s.y().length; j++) {
        if (Double.isFinite(s.values()[i][j])) {
          cells.row(k, l, s.x()[i], s.y()[j], s.values()[i][j]);
        }
      }
    }
    double dx = (s.x()[s.x().length - 1] - s.x()[0]) / (s.x().length - 1) / 2;
    double dy = (s.y()[s.y().length - 1] - s.y()[0]) / (s.y().length - 1) / 2;
    Map<String, Object> encoding = axes(panel, "x0", "y0");
    encoding.put("x2", object("field", "x1"));
    encoding.put("y2", object("field", "y1"));
    Map<String, Object> scale =
        switch (s.tones()) {
          case SEQUENTIAL -> object("domain", List.of(s.lower(), s.upper()), "scheme", "viridis");
          case PALE ->
              object(
                  "domain",
                  List.of(s.lower(), s.upper()),
                  "range",
                  List.of("#ffffff", "#7b94ad"),
                  "interpolate",
                  "rgb");
          case RED_WHITE_BLUE ->
              object(
                  "domain",
                  List.of(s.lower(), (s.lower() + s.upper()) / 2, s.upper()),
                  "range",
                  List.of("#b2182b", "#ffffff", "#2166ac"),
                  "interpolate",
                  "rgb");
        };
    scale.put("clamp", true);
    encoding.put(
        "color", object("field", "z", "type", "quantitative", "scale", scale, "legend", null));
    encoding.put(
        "tooltip",
        List.of(
            object("field", "x", "title", panel.x().title(), "format", ".4~g"),
            object("field", "y", "title", panel.y().title(), "format", ".4~g"),
            object("field", "z", "title", s.name(), "format", ".4~g")));
    Map<String, Object> layer =
        layer("cells", l, object("type", "rect", "stroke", null, "clip", true), encoding);
    layer.put(
        "transform",
        List.of(
            object("filter", "datum.layer === " + l),
            calculated("datum.x - " + Json.write(dx), "x0"),
            // Cells reach a little under their neighbours, or hairlines show between them.
            calculated("datum.x + " + Json.write(1.06 * dx), "x1"),
            calculated("datum.y - " + Json.write(dy), "y0"),
            calculated("datum.y + " + Json.write(1.06 * dy), "y1")));
    return layer;
  }

  private static Map<String, Object> layer(
      String table, int l, Map<String, Object> mark, Map<String, Object> encoding) {
    return object(
        "data",
        object("name", table),
        "transform",
        List.of(object("filter", "datum.layer === " + l)),
        "mark",
        mark,
        "encoding",
        encoding);
  }

  private static Map<String, Object> calculated(String expression, String name) {
    return object("calculate", expression, "as", name);
  }

  private static Map<String, Object> opacity(double shown) {
    return object("condition", object("test", HIDDEN, "value", 0), "value", shown);
  }

  private static Map<String, Object> axes(Panels.Panel panel, String x, String y) {
    return object("x", axis(panel.x(), x), "y", axis(panel.y(), y));
  }

  private static Map<String, Object> axis(Panels.Axis axis, String field) {
    boolean fixed = Double.isFinite(axis.lower()) && Double.isFinite(axis.upper());
    return object(
        "field",
        field,
        "type",
        "quantitative",
        "title",
        axis.title(),
        "scale",
        fixed
            ? object("domain", List.of(axis.lower(), axis.upper()), "nice", false)
            : object("zero", false, "nice", true),
        "axis",
        object("tickCount", 5));
  }

  private static Map<String, Object> object(Object... pairs) {
    Map<String, Object> out = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      out.put((String) pairs[i], pairs[i + 1]);
    }
    return out;
  }
}
