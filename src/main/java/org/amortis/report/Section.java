package org.amortis.report;

import java.util.List;

/// A section of a report: a heading, paragraphs of plain text, then tables and figures.
///
/// @param title heading, plain text
/// @param paragraphs plain text; nothing in it is read as HTML
/// @param blocks tables and figures in the order of the page
public record Section(String title, List<String> paragraphs, List<Block> blocks) {
  /// Copies the lists.
  public Section {
    paragraphs = List.copyOf(paragraphs);
    blocks = List.copyOf(blocks);
  }
}
