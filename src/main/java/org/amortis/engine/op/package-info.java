/// The mathematical vocabulary: what each operation is called, which shapes it takes, what it means
/// in plain double arithmetic, and its gradient. This is the only place where calculus is written.
package org.amortis.engine.op;
