package org.amortis.report;

/// One table or figure of a report.
public sealed interface Block
    permits ScoreTable,
        PublishedTable,
        PlainTable,
        Micro,
        Recovery,
        LossCurves,
        Timings,
        BreakEven,
        Panels {}
