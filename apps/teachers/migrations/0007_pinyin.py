from typing import Any

from django.db import migrations, models

from apps.core.pinyin import pinyin_of

PORTION = 1000


def fill(apps: Any, schema_editor: Any) -> None:
    """Say of each stored teacher how the name is read."""
    write(apps, lambda teacher: pinyin_of(teacher.name))


def shorten(apps: Any, schema_editor: Any) -> None:
    """Leave of each the initials alone."""
    write(apps, lambda teacher: teacher.pinyin.split()[0][:40] if teacher.pinyin.strip() else "")


def write(apps: Any, text: Any) -> None:
    model = apps.get_model("teachers", "Teacher")
    rows = []
    for teacher in model.objects.only("name", "pinyin").order_by("pk").iterator(chunk_size=PORTION):
        teacher.pinyin = text(teacher)
        rows.append(teacher)
    model.objects.bulk_update(rows, ["pinyin"], batch_size=PORTION)


class Migration(migrations.Migration):

    dependencies = [
        ("teachers", "0006_leaving_and_leaves"),
    ]

    operations = [
        migrations.RenameField("teacher", "initials", "pinyin"),
        migrations.AlterField(
            model_name="teacher",
            name="pinyin",
            field=models.TextField(editable=False, verbose_name="pinyin"),
        ),
        migrations.RunPython(fill, shorten),
    ]
