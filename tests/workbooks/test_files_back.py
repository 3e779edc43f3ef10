"""Files that were brought come back as they were, and marked copies under their name and with their numbers' looks."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
import xlwt
from django.urls import reverse

from apps.workbooks.models import ImportBatch
from apps.workbooks.views.imports import WORKBOOK
from tests.workbooks.conftest import opened, upload
from tests.workbooks.corpus.writing import text, xls, xlsx

UPLOAD = "workbooks:importbatch_create"
ROWS = [["教师编号", "姓名", "性别", "出生日期", "参加工作时间"], ["010", "李新", "女", "85.7", "2008.9"]]


def bring(client: Any, town: SimpleNamespace, content: bytes, name: str) -> ImportBatch:
    client.post(reverse(UPLOAD), {"file": upload(BytesIO(content), name), "school_year": town.year.pk})
    return ImportBatch.objects.latest("pk")


@pytest.mark.parametrize(
    ("name", "write", "kind", "marked"),
    [
        ("c1_gb.csv", text, "text/csv", "c1_gb（已标记）.xlsx"),
        ("教师.XLS", xls, "application/vnd.ms-excel", "教师（已标记）.xlsx"),
        ("教师.v2.xlsx", xlsx, WORKBOOK, "教师.v2（已标记）.xlsx"),
    ],
)
def test_names_and_kinds_of_files(
    name: str, write: Any, kind: str, marked: str, town: SimpleNamespace, browser: Any
) -> None:
    client, content = browser("office"), write(ROWS)
    batch = bring(client, town, content, name)
    original = client.get(reverse("workbooks:original", args=[batch.pk]))
    assert (original["Content-Type"].split(";")[0], b"".join(original.streaming_content)) == (kind, content)
    copy = client.get(reverse("workbooks:marked", args=[batch.pk]))
    assert (copy["Content-Type"], copy.filename) == (WORKBOOK, marked)
    opened(b"".join(copy.streaming_content))


def test_numbers_keep_their_looks_in_the_marked_copy_of_an_old_workbook(town: SimpleNamespace, browser: Any) -> None:
    """2008.1 that is shown as 2008.10 is October; without the look it would be either."""

    def shape(page: Any, _book: Any) -> None:
        look = xlwt.XFStyle()
        look.num_format_str = "0.00"
        page.write(1, 4, 2008.10, look)

    client = browser("office")
    batch = bring(client, town, xls(ROWS, shape=shape), "教师.xls")
    assert [problem["cell"] for problem in batch.problems] == ["D2"]
    copy = b"".join(client.get(reverse("workbooks:marked", args=[batch.pk])).streaming_content)
    cell = opened(copy)["教师"]["E2"]
    assert (cell.value, cell.number_format) == (2008.1, "0.00")
    again = bring(client, town, copy, "教师（已标记）.xlsx")
    assert [problem["cell"] for problem in again.problems] == ["D2"]
