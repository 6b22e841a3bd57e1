/// Layers, one a file, each a record of its settings.
package org.amortis.nn.layer;
