/// Programs: tracing Java methods into immutable lists of nodes, and the passes from program to
/// program (gradient, verification, printing).
package org.amortis.engine.program;
