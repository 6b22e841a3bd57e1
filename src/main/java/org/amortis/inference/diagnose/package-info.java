/// Scores of posteriors and their standard errors; checks of calibration.
package org.amortis.inference.diagnose;
