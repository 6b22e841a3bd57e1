"""Writes src/test/resources/npy: small files by NumPy itself and by the safetensors package.

    python3 -m venv /tmp/goldens && /tmp/goldens/bin/pip install numpy==2.4.6 safetensors==0.8.0
    /tmp/goldens/bin/python validation/generators/npy_goldens.py src/test/resources/npy

Element k of every array (row-major) is the value that `values` gives, so the tests know each bit
without reading a second file. Zip time stamps are fixed, so the files repeat byte for byte.
"""
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
from numpy.lib import format as npy_format

out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)


def values(dtype, shape):
    """Element k: (37 k mod 101 - 50) / 8 for floats; 37 k mod 101 (- 50 if signed) for integers; k mod 3 == 0."""
    n = int(np.prod(shape))
    k = np.arange(n) * 37 % 101
    kind = np.dtype(dtype).kind
    if kind == "f":
        v = (k - 50) / 8
    elif kind == "i":
        v = k - 50
    elif kind == "u":
        v = k
    else:
        v = np.arange(n) % 3 == 0
    return v.astype(dtype).reshape(shape)


def save(name, array, version=None):
    buffer = io.BytesIO()
    npy_format.write_array(buffer, array, version=version)
    (out / name).write_bytes(buffer.getvalue())


# Files that our writer must equal byte for byte: name = type, then the shape.
for dtype in ("<f4", "<f8", "<i4", "<i8"):
    for shape in ((), (0,), (1,), (5,), (3, 4), (2, 3, 4), (0, 3), (1, 1, 1, 1, 1, 1, 1, 1), (123,)):
        save(f"same_{dtype[1:]}_{'x'.join(map(str, shape)) or 'scalar'}.npy", values(dtype, shape))
# Headers of 1 to 32 axes, one after the other: their lengths pass every case of the 64-byte padding.
buffer = io.BytesIO()
for rank in range(1, 33):
    npy_format.write_array(buffer, values("<f4", (1,) * rank))
(out / "ranks_f4.bin").write_bytes(buffer.getvalue())

# Files that our reader must understand.
for dtype in ("|i1", "<i2", "|u1", "<u2", "<u4", "<u8", ">i2", ">i4", ">i8", ">u2", ">u4", ">u8", ">f4", ">f8", "<f2", ">f2", "|b1"):
    save(f"read_{dtype[0].replace('<', 'le').replace('>', 'be').replace('|', 'b')}_{dtype[1:]}_3x4.npy", values(dtype, (3, 4)))
save("fortran_f8_2x3x4.npy", np.asfortranarray(values("<f8", (2, 3, 4))))
save("fortran_be_f4_5x3.npy", np.asfortranarray(values(">f4", (5, 3))))
save("version2_f8_3x4.npy", values("<f8", (3, 4)), version=(2, 0))
save("version3_f8_3x4.npy", values("<f8", (3, 4)), version=(3, 0))
save("extreme_f2.npy", np.arange(65536, dtype=np.uint16)[::997].view("<f2"))
save("extreme_u8.npy", np.array([0, 1, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1], dtype="<u8"))
save("extreme_f8.npy", np.array([0.0, -0.0, np.inf, -np.inf, 5e-324, 1.7976931348623157e308, np.nan], dtype="<f8"))

# Files that our reader must refuse.
with open(out / "refuse_object.npy", "wb") as f:
    np.save(f, np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
save("refuse_structured.npy", np.zeros(2, dtype=[("a", "<f8"), ("b", "<i4")]))
save("refuse_text.npy", np.array(["ab", "c"]))
save("refuse_bytes.npy", np.array([b"ab", b"c"]))
save("refuse_complex.npy", np.zeros(2, dtype="<c16"))
save("refuse_longdouble.npy", np.zeros(2, dtype=np.longdouble))
save("refuse_date.npy", np.zeros(2, dtype="<M8[s]"))

# Archives; numpy.savez marks every entry as zip64.
np.savez(out / "plain.npz", theta=values("<f8", (4,)), z=values("<f4", (4, 2, 3)))
np.savez_compressed(out / "deflated.npz", theta=values("<f8", (4,)), z=values("<f4", (4, 2, 3)), zeros=np.zeros(5000))
np.savez(out / "fortran.npz", z=np.asfortranarray(values(">f8", (4, 3))))
np.savez(out / "refuse_object.npz", z=np.array([{"a": 1}], dtype=object))


class Unseekable(io.RawIOBase):
    """A sink that cannot seek, so that a data descriptor follows each entry."""

    def __init__(self, path):
        self.file = open(path, "wb")

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)

    def close(self):
        self.file.close()
        super().close()


with Unseekable(out / "streamed.npz") as sink, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
    buffer = io.BytesIO()
    npy_format.write_array(buffer, values("<f8", (3, 4)))
    archive.writestr(zipfile.ZipInfo("z.npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue(), zipfile.ZIP_DEFLATED)

from safetensors.numpy import save_file

save_file(
    {
        "layer.weight": values("<f4", (3, 4)),
        "layer.bias": values("<f4", (4,)),
        "scale": values("<f8", ()),
        "steps": values("<i8", (2,)),
        "mask": values("|b1", (5,)),
        "half": values("<f2", (3,)),
        "bytes": values("|u1", (3,)),
        "none": values("<f4", (0, 3)),
    },
    out / "reference.safetensors",
    metadata={"card": '{"title": "Größe θ"}'},  # one entry: the package does not fix their order
)
print(len(list(out.iterdir())), "files,", sum(f.stat().st_size for f in out.iterdir()), "bytes")
