/// The Gaussian-process study of the review, section 5: one length scale on a 16 x 16 lattice.
///
/// **How a method is added.** One file and one line:
///
/// 1. A record that implements [Method]: name, label as the review writes it (colour and dashes
///    stand in `report.Palette`; a label it does not know takes a spare colour), description,
///    `byDefault() == false` if it runs only when named.
/// 2. Its place in `Methods.ALL`, which is the order of the table: exact, mcmc, nbe, fkl, rkl1,
///    rkl2, rkl3, nre; then nle, sl, rkl1-gaussian.
///
/// **Networks.** `parts()` lists them, each after those it builds on; they must not need training
/// to be listed, since names, shapes and `architecture()` are what a file is checked against. One
/// that is trained on pairs with the usual settings is a [UsualPart]; any other implements
/// [NetworkPart]: its `train(run)` takes `run.training().pairs()` or `.validation()` (simulated
/// once a run), builds its columns, and calls `run.training().fit(...)`. What it builds on comes
/// from `run.networks().part(other).trained()`; a part of the same name in two methods is the same
/// network and is trained once. Its seed is `run.trainingSeed(part)` with a constant of [Seeds].
/// All networks of a method lie in METHOD.safetensors; finding them again, `--networks`, cards and
/// loss curves need nothing further.
///
/// **Draws.** A method whose networks give draws implements [AmortizedMethod]: `sampler(networks,
/// budget, device)` is all it needs; files, times, the micro-test fields and `amortis sample`
/// follow. Draws lie strictly inside the prior. Anything else implements `run` itself, as
/// [NbeMethod] does.
///
/// Its published figures stand in [Published]; `programs` is what `amortis explain` prints.
package org.amortis.studies.gp;
