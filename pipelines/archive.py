"""An Office file is a zip archive: the same parts as the same bytes, whatever wrote the archive, and when."""

import io
import zipfile
from collections.abc import Callable, Mapping


def repack(archive: io.BytesIO, edits: Mapping[str, Callable[[bytes], bytes]] | None = None) -> bytes:
    """The same archive without times or compression: zlib versions and systems then make no difference to the bytes.

    `edits`: what to make of the content of some of its files, by name. KeyError where the archive has no such file.
    """
    edits = edits or {}
    out = io.BytesIO()
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(out, "w") as target:
        for name in edits:
            source.getinfo(name)
        for name in source.namelist():
            info = zipfile.ZipInfo(name)
            info.create_system = 3
            content = source.read(name)
            target.writestr(info, edits[name](content) if name in edits else content)
    return out.getvalue()
