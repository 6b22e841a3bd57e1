package org.amortis.report;

import java.util.List;

/// A figure of free form: panels side by side, each with layers of points, curves, bands, surfaces.
///
/// A layer is coloured by its name: the name of a method has that method's colour, and one name has
/// one colour on the whole page.
///
/// @param caption plain text under the figure
/// @param panels the panels, left to right
public record Panels(String caption, List<Panel> panels) implements Block {
  /// Copies the panels.
  public Panels {
    panels = List.copyOf(panels);
  }

  /// One panel.
  ///
  /// @param title heading above it, may be empty
  /// @param x horizontal axis
  /// @param y vertical axis
  /// @param layers what is drawn, the first at the bottom
  public record Panel(String title, Axis x, Axis y, List<Layer> layers) {
    /// Copies the layers.
    public Panel {
      layers = List.copyOf(layers);
    }
  }

  /// An axis; NaN ends are fitted to the data.
  ///
  /// @param title with its unit, where it has one
  /// @param lower lower end
  /// @param upper upper end
  public record Axis(String title, double lower, double upper) {
    /// An axis whose ends are fitted to the data.
    public static Axis fitted(String title) {
      return new Axis(title, Double.NaN, Double.NaN);
    }
  }

  /// Something drawn in a panel.
  public sealed interface Layer permits Points, Curve, Band, Surface {
    /// The name in the legend, which also sets the colour.
    String name();
  }

  /// Points; pairs that are not finite are left out.
  ///
  /// @param name in the legend
  /// @param x (n) horizontal coordinates
  /// @param y (n) vertical coordinates
  public record Points(String name, double[] x, double[] y) implements Layer {
    /// Checks the lengths.
    ///
    /// @throws IllegalArgumentException when they differ
    public Points {
      same(name, x, y);
    }
  }

  /// A curve through its points in their order; a pair that is not finite breaks it.
  ///
  /// @param name in the legend
  /// @param x (n) horizontal coordinates
  /// @param y (n) vertical coordinates
  public record Curve(String name, double[] x, double[] y) implements Layer {
    /// Checks the lengths.
    ///
    /// @throws IllegalArgumentException when they differ
    public Curve {
      same(name, x, y);
    }
  }

  /// The area between two curves.
  ///
  /// @param name in the legend
  /// @param x (n) increasing
  /// @param low (n) lower edge
  /// @param high (n) upper edge
  public record Band(String name, double[] x, double[] low, double[] high) implements Layer {
    /// Checks the lengths.
    ///
    /// @throws IllegalArgumentException when they differ
    public Band {
      same(name, x, low);
      same(name, x, high);
    }
  }

  /// A function on a regular grid, as coloured cells.
  ///
  /// @param name in the legend
  /// @param x (a) cell midpoints, equally spaced, a at least 2
  /// @param y (b) cell midpoints, equally spaced, b at least 2
  /// @param values (a, b) function values, NaN for no cell
  /// @param lower value of the first colour
  /// @param upper value of the last colour
  /// @param tones which colours
  public record Surface(
      String name,
      double[] x,
      double[] y,
      double[][] values,
      double lower,
      double upper,
      Tones tones)
      implements Layer {
    /// Checks the grid.
    ///
    /// @throws IllegalArgumentException when it has fewer than two cells a side, or not as many
    ///   values
    public Surface {
      if (x.length < 2 || y.length < 2 || values.length != x.length) {
        throw new IllegalArgumentException(
            name + ": grid of " + x.length + " x " + y.length + ", rows " + values.length);
      }
      for (double[] row : values) {
        same(name, y, row);
      }
    }
  }

  /// The colours of a surface.
  public enum Tones {
    /// Dark to bright, even to the eye and readable without colour vision.
    SEQUENTIAL,
    /// White to blue-grey, for maps under curves.
    PALE,
    /// Red below the middle, white at it, blue above.
    RED_WHITE_BLUE
  }

  private static void same(String name, double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(name + ": lengths " + a.length + " and " + b.length);
    }
  }
}
