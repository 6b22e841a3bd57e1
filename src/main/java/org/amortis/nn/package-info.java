/// Networks: layers, bijections and density families trace themselves into programs; the trainer
/// fits them.
package org.amortis.nn;
