"""Pictures: checked, made smaller, freed of what cameras write into them, and deleted with their records."""

from collections.abc import Sequence
from functools import partial
from io import BytesIO
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from apps.core.actions import delete_record, lock, write_record
from apps.core.actors import Actor
from apps.core.models import Record
from apps.core.rules import demand
from apps.research.models import Activity, Photo
from apps.research.rules import may_add_photos

MOST_BYTES = 5 * 1024 * 1024
# A small file may unfold into gigabytes; no camera of a school takes more than this many points.
MOST_POINTS = 80_000_000
LONGEST_SIDE = 1600


def shrink_picture(upload: File[bytes]) -> ContentFile[bytes]:
    """Return the picture as a JPEG of at most 1600 points a side, turned upright, without place and camera data.

    Raises ValidationError, naming the file, for anything but a JPEG or PNG of at most 5 MB.
    """
    name = {"name": upload.name}
    if upload.size > MOST_BYTES:
        raise ValidationError(_("“%(name)s” is larger than 5 MB. Make it smaller first.") % name)
    try:
        picture = Image.open(upload, formats=("JPEG", "PNG"))
        if picture.width * picture.height > MOST_POINTS:
            raise ValidationError(_("“%(name)s” has too many points. Make it smaller first.") % name)
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        bare = Image.new("RGB", upright.size, "white")
        bare.paste(upright, mask=upright.getchannel("A") if "A" in upright.getbands() else None)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise ValidationError(_("“%(name)s” is no JPEG or PNG picture that can be read.") % name) from error
    bytes_ = BytesIO()
    bare.save(bytes_, "JPEG", quality=85, optimize=True)
    return ContentFile(bytes_.getvalue(), name=f"{uuid4().hex}.jpg")


def add_photos(*, activity: Activity, files: Sequence[File[bytes]], captions: Sequence[str], by: Actor) -> list[Photo]:
    """Add pictures to an activity and return them; a picture without a caption takes the activity's title.

    All or none: raises ValidationError naming every file that is no picture.
    """
    with transaction.atomic():  # others need not wait while the pictures are made smaller
        demand(may_add_photos, by, lock(activity))
    pictures, refused = [], []
    for file in files:
        try:
            pictures.append(shrink_picture(file))
        except ValidationError as error:
            refused += error.messages
    if refused:
        raise ValidationError(refused)
    given = [*captions, *[""] * len(files)]
    photos: list[Photo] = []
    try:
        with transaction.atomic():
            for picture, caption in zip(pictures, given, strict=False):
                photos.append(Photo(activity=activity, image=picture, caption=caption.strip() or activity.title))
                write_record(record=photos[-1], by=by)
    except Exception:
        for photo in photos:
            if name := photo.image.name:
                photo.image.storage.delete(name)
        raise
    return photos


@transaction.atomic
def remove_with_pictures(*, record: Record, by: Actor) -> None:
    """Delete a photo, or an activity with its photos, and their files once the deletion is certain."""
    photos = [record] if isinstance(record, Photo) else list(Photo.objects.filter(activity=record.pk))
    delete_record(record=record, by=by)
    for photo in photos:
        if name := photo.image.name:
            transaction.on_commit(partial(photo.image.storage.delete, name))
