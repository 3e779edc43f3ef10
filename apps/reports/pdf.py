"""HTML to PDF by WeasyPrint. Import this module only where a PDF is made: WeasyPrint is heavy."""

from datetime import UTC, datetime
from hashlib import sha256

from PIL import ImageFile
from weasyprint import HTML, Attachment
from weasyprint.urls import URLFetcher

# On import WeasyPrint lets Pillow take pictures that are cut off, in the whole process; uploads must not be.
ImageFile.LOAD_TRUNCATED_IMAGES = False

# PDF/A-3 with Unicode text: what archives take.
VARIANT = "pdf/a-3u"


# A file inside tells no day of making.
NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)


class SafeFetcher(URLFetcher):
    """Fetches nothing but `data:` addresses: no file of this machine, no request to any host."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False, timeout=2)


def write_pdf(html: str, *, workbook: bytes = b"", title: str = "") -> bytes:
    """Return `html` as tagged PDF/A with a workbook inside, if one is given; the same text gives the same bytes."""
    identifier = sha256(html.encode() + workbook).digest()[:16]
    inside = Attachment(
        string=workbook, name=f"{title}.xlsx", description=title, created=NO_DAY, modified=NO_DAY, relationship="Data"
    )
    document = HTML(string=html, base_url="about:blank", url_fetcher=SafeFetcher())
    return document.write_pdf(
        pdf_variant=VARIANT, pdf_tags=True, pdf_identifier=identifier, attachments=[inside] if workbook else []
    )
