"""What makes a summary an official document (公文): the red header at its head, the imprint (版记) at its end."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from unicodedata import normalize

# The office's code, the year in any brackets, the number, with or without 第, 号 and leading noughts.
WRITTEN = re.compile(
    r"(?P<code>[\u4e00-\u9fff()A-Z]{1,20}?)[〔【\[(（﹝［](?P<year>(?:19|20)\d\d)[〕】\])）﹞］]第?0*(?P<number>[1-9]\d{0,4})号?"
)


@dataclass(frozen=True)
class Letterhead:
    """The red header and the imprint of an official document, as printed; what is empty is left out."""

    issuer: str
    number: str
    signer: str = ""
    addressee: str = ""
    copied_to: str = ""
    printed_by: str = ""
    printed_on: date | None = None

    @property
    def imprint(self) -> bool:
        """Return whether anything stands at the end of the last page."""
        return bool(self.copied_to or self.printed_by)

    def as_json(self) -> dict[str, Any]:
        """Return the fields as JSON."""
        return asdict(self) | {"printed_on": self.printed_on.isoformat() if self.printed_on else None}


def letterhead_from(data: Mapping[str, Any] | None) -> Letterhead | None:
    """Return the letterhead that `as_json` has made; None for none."""
    if not data:
        return None
    day = data["printed_on"]
    return Letterhead(**{**data, "printed_on": date.fromisoformat(day) if day else None})


def document_number(text: str) -> str:
    """Return a document number as GB/T 9704 writes it, 宝陈教体发〔2013〕45号; raise ValueError for what is none."""
    found = WRITTEN.fullmatch(re.sub(r"\s", "", normalize("NFKC", text)))
    if not found:
        raise ValueError(text)
    return f"{found['code']}〔{found['year']}〕{found['number']}号"
