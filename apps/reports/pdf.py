"""HTML to PDF by WeasyPrint. Import this module only where a PDF is made: WeasyPrint is heavy."""

from hashlib import sha256

from PIL import ImageFile
from weasyprint import HTML
from weasyprint.urls import URLFetcher

# On import WeasyPrint lets Pillow take pictures that are cut off, in the whole process; uploads must not be.
ImageFile.LOAD_TRUNCATED_IMAGES = False

# PDF/A-3 with Unicode text: what archives take.
VARIANT = "pdf/a-3u"


class SafeFetcher(URLFetcher):
    """Fetches nothing but `data:` addresses: no file of this machine, no request to any host."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False, timeout=2)


def write_pdf(html: str) -> bytes:
    """Return `html` as PDF/A; the same text gives the same bytes."""
    identifier = sha256(html.encode()).digest()[:16]
    document = HTML(string=html, base_url="about:blank", url_fetcher=SafeFetcher())
    return document.write_pdf(pdf_variant=VARIANT, pdf_identifier=identifier)
