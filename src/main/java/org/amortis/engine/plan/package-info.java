/// Pure planning: which nodes run together, how long buffers live, where they lie in memory.
package org.amortis.engine.plan;
