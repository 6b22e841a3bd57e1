package org.amortis.report;

import java.util.List;

/// What the report of a study says, before it is laid out.
///
/// Times, dates and host names are left to the caller: a report without [Timings] and [BreakEven]
/// is complete and repeats byte for byte.
///
/// @param title name of the study
/// @param subtitle one sentence under the title
/// @param settings what was run, in the order shown
/// @param sections the body in the order shown
public record StudyReport(
    String title, String subtitle, List<Setting> settings, List<Section> sections) {
  /// Copies the lists.
  public StudyReport {
    settings = List.copyOf(settings);
    sections = List.copyOf(sections);
  }
}
