from typing import Any

from django.db import migrations, models

from apps.core.pinyin import pinyin_of


def fill(apps: Any, schema_editor: Any) -> None:
    """Say of each stored school how its names are read."""
    model = apps.get_model("schools", "School")
    rows = list(model.objects.only("name", "aliases"))
    for school in rows:
        school.pinyin = pinyin_of(school.name, *school.aliases.split("、"))
    model.objects.bulk_update(rows, ["pinyin"], batch_size=1000)


class Migration(migrations.Migration):

    dependencies = [
        ("schools", "0003_past_facts"),
    ]

    operations = [
        migrations.AddField(
            model_name="school",
            name="pinyin",
            field=models.TextField(default="", editable=False, verbose_name="pinyin"),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
