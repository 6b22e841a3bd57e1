"""Collects named arrays and writes them as .npz files whose bytes repeat, with a README that lists every array."""
import io
import pathlib
import zipfile

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "golden" / "ops"


class GoldenFile:
    """One .npz file: cases in order, each with a one-line meaning and arrays named case__role."""

    def __init__(self, name, about):
        self.name, self.about, self.cases, self.arrays = name, about, [], {}

    def case(self, case, meaning, **roles):
        self.cases.append((case, meaning, list(roles)))
        for role, value in roles.items():
            self.arrays[f"{case}__{role}"] = plain(value)

    def write(self):
        path = FOLDER / f"{self.name}.npz"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as out:
            for name, array in self.arrays.items():
                data = io.BytesIO()
                np.lib.format.write_array(data, array, version=(1, 0), allow_pickle=False)
                out.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), data.getvalue())
        return path

    def readme(self):
        lines = [f"## {self.name}.npz", "", self.about, ""]
        for case, meaning, roles in self.cases:
            shapes = ", ".join(f"`{r}` {shape(self.arrays[f'{case}__{r}'])}" for r in roles)
            lines += [f"- **{case}**: {meaning}", f"  {shapes}"]
        return "\n".join(lines) + "\n"


def shape(array):
    kind = {"float64": "", "int32": " int32"}[array.dtype.name]
    return "(" + ", ".join(map(str, array.shape)) + ")" + kind


def plain(value):
    """A C-ordered little-endian float64 or int32 array, with at least one axis."""
    if hasattr(value, "detach"):
        value = value.detach().numpy()
    array = np.atleast_1d(np.asarray(value))
    kind = "<i4" if array.dtype.kind in "iub" else "<f8"
    return np.ascontiguousarray(array, dtype=kind)


def exact32(array):
    """Rounds inputs to values that float32 holds exactly, so both precisions start from the same numbers."""
    return np.asarray(array, np.float32).astype(np.float64)
