/// The oracle: interprets a program node by node in plain double arithmetic on one thread.
package org.amortis.engine.device.reference;
