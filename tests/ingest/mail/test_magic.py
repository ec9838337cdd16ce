"""What a file is by its first bytes."""

from __future__ import annotations

import pytest

from ingest.mail.magic import begins_like


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        pytest.param(b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg", id="a photograph"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00", "image/png", id="a screenshot"),
        pytest.param(b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp", id="a picture in RIFF"),
        pytest.param(b"RIFF\x10\x00\x00\x00WAVEfmt ", "", id="a sound in RIFF"),
        pytest.param(b"\x00\x00\x00\x18ftypheic", "image/heic", id="a photograph of an iPhone"),
        pytest.param(b"\x00\x00\x00\x20ftypisom", "video/mp4", id="a film"),
        pytest.param(b"MZ\x90\x00", "application/x-msdownload", id="a program for Windows"),
        pytest.param(b"\x7fELF\x02", "application/x-executable", id="a program for Linux"),
        pytest.param(b"hello", "", id="anything else"),
        pytest.param(b"", "", id="nothing at all"),
    ],
)
def test_the_first_bytes_tell(content: bytes, media_type: str) -> None:
    assert begins_like(content) == media_type
