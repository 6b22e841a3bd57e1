"""Writes validation/golden/ops/*.npz and its README: `python op_goldens.py [--check]`. Versions: requirements.txt beside this file.
The same versions on the same kind of processor give the same bytes; --check compares with what is stored instead (1e-9)."""
import argparse
import warnings

import numpy as np

warnings.filterwarnings("ignore")
import torch  # noqa: E402

import mathematics_goldens  # noqa: E402
import network_goldens  # noqa: E402
import nflows_goldens  # noqa: E402
import statistics_goldens  # noqa: E402
from golden_file import FOLDER  # noqa: E402

HEAD = """# Goldens for the engine's operations

Written by `validation/generators/op_goldens.py`; this page too. Values come from PyTorch, nflows, SciPy, mpmath and ArviZ in
float64, never from this project. Arrays are named `case__role`, C order, little-endian, float64 unless marked, at least one axis
(scalars are (1)); the files are plain uncompressed .npz. **Inputs are values that float32 holds exactly**, so both precisions start
from the same numbers. Images are (N, H, W, C), convolution weights (kh, kw, in, out), dense weights (in, out).

Tests of the library find them at `../validation/golden/ops` (Surefire's working directory is the module).

Roles: `y` is the result, `dy` the incoming gradient, `dx`, `dw`, ... = sum over dy times dy/dx and so on.
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    torch.set_num_threads(1)
    made = network_goldens.files() + mathematics_goldens.files() + nflows_goldens.files() + statistics_goldens.files()
    if check:
        for f in made:
            stored = np.load(FOLDER / f"{f.name}.npz")
            assert set(stored.files) == set(f.arrays), f.name
            for name, array in f.arrays.items():
                np.testing.assert_allclose(stored[name], array, rtol=1e-9, atol=1e-12, err_msg=f"{f.name} {name}")
        print(f"{len(made)} files agree")
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    for f in made:
        path = f.write()
        print(f"{path.name}: {len(f.arrays)} arrays, {path.stat().st_size} bytes")
    (FOLDER / "README.md").write_text(HEAD + "\n" + "\n".join(f.readme() for f in made))


if __name__ == "__main__":
    main()
