"""Files to give to commands."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Written = Callable[[str, object], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes a file: text and bytes as they are, anything else as JSON."""

    def write(name: str, content: object) -> Path:
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write
