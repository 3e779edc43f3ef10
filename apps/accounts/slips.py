"""Slips to cut apart: by each somebody signs in for the first time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from .actions import Slip
from .backends import code_digest
from .models import OneTimeCode, User

# Two columns on a page of A4.
ON_A_PAGE = 14


@dataclass(frozen=True)
class Pile:
    """The slips that are handed over together: those of a school."""

    title: str
    slips: Sequence[Slip]

    def pages(self) -> Iterator[Sequence[Slip]]:
        """Yield the slips page by page."""
        for start in range(0, len(self.slips), ON_A_PAGE):
            yield self.slips[start : start + ON_A_PAGE]


def written(piles: Sequence[Pile]) -> str:
    """Return the piles as the text that the page keeps for printing: a title, then name and code line by line."""
    return "\n".join(
        line
        for pile in piles
        for line in (f"# {pile.title}", *(f"{slip.account.username} {slip.code}" for slip in pile.slips))
    )


def read(text: str, accounts: dict[str, User]) -> list[Pile]:
    """Return the piles of a text as `written`, of these accounts by user name, with the codes that still hold.

    No code is kept: each must agree with its digest.
    """
    codes = {code.user_id: code for code in OneTimeCode.objects.waiting().filter(user__in=accounts.values())}
    piles: list[Pile] = []
    for line in text.splitlines():
        if line.startswith("#"):
            piles.append(Pile(line[1:].strip(), []))
            continue
        username, _blank, typed = line.strip().partition(" ")
        account = accounts.get(username)
        code = codes.get(account.pk) if account else None
        if piles and account and code and code.digest == code_digest(account.pk, typed):
            piles[-1] = Pile(piles[-1].title, [*piles[-1].slips, Slip(account, typed, code.valid_until)])
    return [pile for pile in piles if pile.slips]


def slips_pdf(piles: Sequence[Pile], address: str) -> bytes:
    """Return the slips as a PDF (A4, to cut apart), each pile on pages of its own; in Chinese, as they are read."""
    from PIL import ImageFile
    from weasyprint import HTML  # heavy

    # On import WeasyPrint lets Pillow take pictures that are cut off, in the whole process; uploads must not be.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    style = Path(str(finders.find("accounts/slips.css"))).read_text()
    with translation.override("zh-hans"):
        html = render_to_string("accounts/slips.html", {"piles": piles, "address": address, "style": style})
    data: bytes = HTML(string=html, base_url="about:blank").write_pdf()
    return data
