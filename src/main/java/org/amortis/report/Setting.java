package org.amortis.report;

/// A setting of the study as the report shows it, for example `training fields` and `16,000`.
public record Setting(String name, String value) {}
