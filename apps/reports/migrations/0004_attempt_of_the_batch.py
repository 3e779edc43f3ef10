from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max, OuterRef, Subquery


def from_pieces(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give each batch the number of its latest go-ahead, so that documents that wait in the queue are still made."""
    pieces = apps.get_model("reports", "SummaryPiece").objects.filter(batch=OuterRef("pk")).order_by()
    latest = pieces.values("batch").annotate(latest=Max("attempt")).values("latest")
    batches = apps.get_model("reports", "SummaryBatch").objects.filter(pieces__isnull=False)
    batches.update(attempt=Subquery(latest))


def to_pieces(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give each document the number of its batch."""
    batches = apps.get_model("reports", "SummaryBatch").objects.filter(pk=OuterRef("batch"))
    pieces = apps.get_model("reports", "SummaryPiece").objects.all()
    pieces.update(attempt=Subquery(batches.values("attempt")))


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0003_batches'),
    ]

    operations = [
        migrations.AddField(
            model_name='summarybatch',
            name='attempt',
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='attempt'),
        ),
        migrations.RunPython(from_pieces, to_pieces),
        migrations.RemoveField(
            model_name='summarypiece',
            name='attempt',
        ),
    ]
