/// The command line: parses, calls a study, prints. The only `System.out` and the only exit code.
package org.amortis.cli;
