"""What may be sent along with a mail, and what of it reaches the assignee."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, Field, PositiveInt

from rules.sections.section import Section
from rules.sizes import Size

#: What Windows, macOS or a browser runs at a double click; nothing that a requester needs to send.
_PROGRAMS: Final = """
    apk app appx bat chm cmd com cpl dll dmg exe gadget hta inf ins iso jar js jse lnk mde msc msi msix msp mst pif ps1
    ps1xml psc1 reg rpm scf scr sct shb sys url vb vbe vbs vhd vhdx ws wsc wsf wsh xll
"""
PROGRAMS: Final = tuple(_PROGRAMS.split())


def _extension(written: str) -> str:
    extension = written.strip().removeprefix(".").lower()
    if not extension or "." in extension or len(extension) > 20:
        raise ValueError(f"{written!r} is not the end of a file's name: write it like jpg")
    return extension


def _extension_or_type(written: str) -> str:
    return written.strip().lower() if "/" in written else _extension(written)


Extension = Annotated[str, AfterValidator(_extension)]


class AttachmentRules(Section):
    """Which attachments are taken. What is refused stays in the original mail, is named in the receipt with the reason,
    and is not handed on."""

    types: Annotated[
        tuple[Annotated[str, AfterValidator(_extension_or_type)], ...],
        Field(examples=[["jpg", "png", "application/pdf"]]),
    ] = ()
    """Only these, by the end of the name or by media type (`image/*` for all of a kind). Left out: all but `refuse`.
    What is listed as an image or a video must begin like one."""
    refuse: Annotated[tuple[Extension, ...], Field(examples=[["exe", "js"]])] = PROGRAMS
    """Never these. Programs are also known by their first bytes, whatever their name."""
    largest: Annotated[Size | None, Field(examples=["10MiB"])] = None
    """Each may have so many bytes."""
    largest_of: Annotated[dict[Extension, Size], Field(examples=[{"mp4": "50MiB"}])] = {}
    """The same for some types, in place of `largest`."""
    most: Annotated[PositiveInt | None, Field(examples=[10])] = None
    """One mail may bring so many."""
    handed_on: Annotated[Size, Field(examples=["10MiB"])] = 10 << 20
    """One letter to the assignee carries so many bytes; what is more is named in it and stays in the original mail."""
