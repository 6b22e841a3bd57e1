/// The numerical engine: shapes, ops, programs, memory plan, devices.
package org.amortis.engine;
