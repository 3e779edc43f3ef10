"""Pictures: checked, made smaller, freed of what cameras write into them, and deleted with their records."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from apps.core.actions import delete_record, lock, write_record
from apps.core.actors import Actor
from apps.core.models import Record
from apps.core.rules import demand
from apps.research.models import Activity, Photo, digest_of
from apps.research.rules import may_add_photos

MOST_BYTES = 5 * 1024 * 1024
# A small file may unfold into gigabytes; no camera of a school takes more than this many points.
MOST_POINTS = 80_000_000
LONGEST_SIDE = 1600
# What phones and programs make of pictures; HEIC is that of iPhones.
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
register_heif_opener()


def shrink_picture(upload: File[bytes]) -> ContentFile[bytes]:
    """Return the picture as a JPEG of at most 1600 points a side, turned upright, without place and camera data.

    What it is says its content, whatever its name. Raises ValidationError, naming the file, for anything but a JPEG,
    PNG, WebP or HEIC of at most 5 MB.
    """
    name = {"name": upload.name}
    if upload.size > MOST_BYTES:
        raise ValidationError(_("“%(name)s” is larger than 5 MB. Make it smaller first.") % name)
    try:
        picture = Image.open(upload, formats=FORMATS)
        if picture.width * picture.height > MOST_POINTS:
            raise ValidationError(_("“%(name)s” has too many points. Make it smaller first.") % name)
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        bare = Image.new("RGB", upright.size, "white")
        bare.paste(upright, mask=upright.getchannel("A") if "A" in upright.getbands() else None)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
        RuntimeError,
    ) as error:
        raise ValidationError(
            _("“%(name)s” is no picture that can be read: JPEG, PNG, WebP or HEIC.") % name
        ) from error
    bytes_ = BytesIO()
    bare.save(bytes_, "JPEG", quality=85, optimize=True)
    return ContentFile(bytes_.getvalue(), name=f"{uuid4().hex}.jpg")


@dataclass
class Pictures:
    """What came of pictures that were sent: those added, why others were refused, and which were there already."""

    added: list[Photo] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)


def add_photos(*, activity: Activity, files: Sequence[File[bytes]], captions: Sequence[str], by: Actor) -> Pictures:
    """Add the good ones of these pictures to an activity; one without a caption takes the activity's title.

    A picture that the activity has already is not added again. Raises ValidationError, naming every file, if there is
    nothing to add.
    """
    with transaction.atomic():  # others need not wait while the pictures are made smaller
        demand(may_add_photos, by, lock(activity))
    result = Pictures()
    good = []
    for file, caption in zip(files, [*captions, *[""] * len(files)], strict=False):
        try:
            good.append((str(file.name), shrink_picture(file), caption.strip() or activity.title))
        except ValidationError as error:
            result.refused += error.messages
    try:
        with transaction.atomic():
            _write(lock(activity), good, result, by)
    except Exception:
        for photo in result.added:
            if name := photo.image.name:
                photo.image.storage.delete(name)
        raise
    if not result.added:
        there = _("The activity has “%(name)s” already.")
        raise ValidationError([*result.refused, *(there % {"name": name} for name in result.twice)])
    return result


def _write(
    activity: Activity, pictures: Iterable[tuple[str, ContentFile[bytes], str]], result: Pictures, by: Actor
) -> None:
    there = set(Photo.objects.filter(activity=activity).exclude(digest="").values_list("digest", flat=True))
    for name, picture, caption in pictures:
        photo = Photo(activity=activity, image=picture, caption=caption)
        photo.digest = digest_of(picture)
        if photo.digest in there:
            result.twice.append(name)
            continue
        there.add(photo.digest)
        result.added.append(photo)
        write_record(record=photo, by=by)


@transaction.atomic
def remove_with_pictures(*, record: Record, by: Actor) -> None:
    """Delete a photo, or an activity with its photos, and their files once the deletion is certain."""
    photos = [record] if isinstance(record, Photo) else list(Photo.objects.filter(activity=record.pk))
    delete_record(record=record, by=by)
    for photo in photos:
        if name := photo.image.name:
            transaction.on_commit(partial(photo.image.storage.delete, name))
