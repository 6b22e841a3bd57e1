/// An emulator of NVIDIA GPUs that executes PTX on the processor and watches what it does.
///
/// Source: NVIDIA, *PTX ISA 8.0*. A module's text becomes a [PtxModule] of [PtxEntry], an entry a
/// [Code] of [Step], and a [Machine] runs steps warp by warp. To add an instruction:
///
/// - one that computes lane by lane from registers: a line in [IntegerOps], [LongOps], [FloatOps]
///   or [ConversionOps], its loop over the lanes beside it;
/// - a comparison: a line in [CompareOps] or [FloatCompareOps];
/// - one that touches memory, or for which the 32 lanes of a warp come together: a [Step] of its
///   own, made in [Translator]. The lanes have come together once [Warp#together] says so; see
///   [Barrier] for the pattern.
///
/// What is not known ends with an error that names it.
package org.amortis.engine.device.cuda.emulator;
