/// File formats and safe storage: npy, npz, safetensors, JSON, CSV, atomic files and run folders.
///
/// Readers treat every file as hostile: sizes are checked against the bytes that are really there
/// before anything is allocated, no class or script is ever taken from a file, and every fault is a
/// typed [org.amortis.engine.Failure]. Writers give the same bytes for the same content.
package org.amortis.io;
