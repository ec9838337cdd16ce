"""What a file is by its first bytes: pictures, films, and programs in disguise."""

from __future__ import annotations

from typing import Final

_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
)
_RIFF: Final = {b"WEBP": "image/webp", b"AVI ": "video/x-msvideo"}
#: Brands of ISO 14496-12 that are pictures; all others are films.
_PICTURE_BRANDS: Final = frozenset((b"heic", b"heix", b"mif1", b"msf1", b"avif"))


def begins_like(content: bytes) -> str:
    """The media type that the first bytes tell, of those that matter here; empty for any other."""
    if content[:4] == b"RIFF":
        return _RIFF.get(content[8:12], "")
    if content[4:8] == b"ftyp":
        return "image/heic" if content[8:12] in _PICTURE_BRANDS else "video/mp4"
    return next((media_type for beginning, media_type in _BEGINNINGS if content.startswith(beginning)), "")
