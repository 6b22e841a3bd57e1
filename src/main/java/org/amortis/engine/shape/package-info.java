/// Shapes and element types: pure values, and the errors raised while tracing.
package org.amortis.engine.shape;
