/// Tables, figures and the offline report of a study, from plain records.
///
/// [StudyReport] holds what a report says, [HtmlReport] writes it as one self-contained page,
/// [TerminalTable] and [TableCsv] write its score table for a terminal and for other programs. The
/// same records always give the same bytes.
package org.amortis.report;
