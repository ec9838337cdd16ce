"""`make reference`: writes what the code knows best into the README: references, one mail under five rulebooks,
and the letters of a story."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from daemon.config.reference import config_reference
from rules.rulebook_files.reference import rulebook_reference
from tests.five_desks import five_desks
from tests.incident_story import incident_story

if TYPE_CHECKING:
    from collections.abc import Callable

README: Final = Path(__file__).resolve().parent.parent / "README.md"

#: What each block of the README is called in its marks, and what stands in it.
BLOCKS: Final[dict[str, Callable[[], str]]] = {
    "config": config_reference,
    "five desks": five_desks,
    "incident story": incident_story,
    "rulebook": rulebook_reference,
}


def parts(text: str, name: str) -> tuple[str, str, str]:
    """A text before, in and after the block with this name; raises ValueError where a mark is missing."""
    opening, closing = f"<!-- {name} reference: ", f"<!-- end of the {name} reference -->"
    start = text.index("-->\n", text.index(opening)) + len("-->\n")
    end = text.index(closing, start)
    return text[:start], text[start:end], text[end:]


def written(name: str) -> str:
    """What the block holds when it is up to date."""
    return f"\n{BLOCKS[name]()}\n"


def main() -> None:
    """Bring every block up to date."""
    text = README.read_text(encoding="utf-8")
    for name in BLOCKS:
        before, _, after = parts(text, name)
        text = before + written(name) + after
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
