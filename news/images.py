"""The one place that decodes an upload: pixels in, our own files out, nothing else of the upload survives."""

import contextlib
import io
import re
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageCms

WIDTHS = (480, 960, 1600)
MOST_PIXELS = 24_000_000
COSTLY = {"WEBP", "I;16", "I;16B", "I"}  # half as many of these: each point is held three times over to be decoded
MOST_SCANS = 50  # of a JPEG, which has ten: each goes over all points, and may be a few bytes
SCAN = b"\xff\xda"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MEDIA_TYPES = "image/jpeg,image/png,image/webp,image/gif"  # the same to a browser: it offers no others, a phone makes one of its HEIC
QUALITY = {"jpg": {"format": "JPEG", "quality": 80, "optimize": True, "progressive": True},
           "webp": {"format": "WEBP", "quality": 78, "method": 4}}  # fmt: skip
NAME = re.compile(r"anh/[0-9a-f]{2}/(?P<key>[0-9a-f]{32})-[0-9]{1,4}\.(?:jpg|webp)")  # what `name` makes
MOST_KEPT = 12_000_000  # points: WebP's encoder takes a dozen bytes for each
HIGHEST = 8  # times the width; WebP ends at 16,383 points
# The EXIF tag, and what sets each of its values upright. (ImageOps.exif_transpose falls over broken EXIF.)
ORIENTATION = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
Image.MAX_IMAGE_PIXELS = None  # Pillow warns; `_decode` refuses, by the header and before a point is decoded
SCREEN = ImageCms.createProfile("sRGB")
TOO_MANY_PIXELS = "Ảnh lớn quá {} triệu điểm ảnh. Hãy thu nhỏ rồi tải lại."
NOT_AN_IMAGE = "Tệp này không phải là ảnh đọc được. Hãy chọn ảnh JPEG, PNG, WebP hoặc GIF."


@dataclass(frozen=True)
class Encoded:
    """``files``: (width, extension) to bytes. ``width`` and ``height``: of the largest."""

    key: str
    width: int
    height: int
    files: dict


def widths_for(width):
    """The widths a picture of ``width`` pixels is kept in: never enlarged, its own one when it is smaller."""
    return sorted({min(wish, width) for wish in WIDTHS})


def name(key, width, extension):
    return f"anh/{key[:2]}/{key}-{width}.{extension}"


def encode(file):
    """Decode ``file`` and encode it in every width as JPEG and WebP. Raises ValidationError for what is no fit picture."""
    if file.size > settings.UPLOAD_LIMIT:
        raise ValidationError("Ảnh lớn quá 30 MB. Hãy giảm dung lượng rồi tải lại.")
    pixels = _decode(file)
    files = {}
    for width in widths_for(pixels.width):
        size = width, max(1, round(pixels.height * width / pixels.width))
        scaled = pixels.resize(size, Image.Resampling.LANCZOS) if size != pixels.size else pixels
        for extension, options in QUALITY.items():
            out = io.BytesIO()
            scaled.save(out, **options)
            files[width, extension] = out.getvalue()
    return Encoded(secrets.token_hex(16), scaled.width, scaled.height, files)


def store(encoded):
    """Write the files. What was written is taken away again when one fails."""
    written = []
    try:
        for (width, extension), content in encoded.files.items():
            written.append(default_storage.save(name(encoded.key, width, extension), ContentFile(content)))
    except OSError:
        remove(written)
        raise


def remove(names):
    for stored in names:
        default_storage.delete(stored)


def _decode(file):
    """The picture of ``file`` upright, in plain colours, no wider than the widest we keep."""
    try:
        image = Image.open(file, formats=FORMATS)
        most = MOST_PIXELS // 2 if COSTLY & {image.format, image.mode} else MOST_PIXELS
        if image.width * image.height > most:
            raise ValidationError(TOO_MANY_PIXELS.format(most // 1_000_000))
        if image.format == "JPEG" and _scans(file) > MOST_SCANS:
            raise ValidationError(NOT_AN_IMAGE)
        image.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))
        image.load()
        orientation, profile = _orientation(image), image.info.get("icc_profile")
        image = _opaque(image)  # and lets go of the one before
        image = _small(image, lies_down=orientation in (5, 6, 7, 8))
        pixels = _plain(_in_screen_colours(image, profile))
        return pixels.transpose(UPRIGHT[orientation]) if orientation in UPRIGHT else pixels
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise ValidationError(NOT_AN_IMAGE) from error


def _scans(file):
    here = file.tell()
    file.seek(0)
    count = file.read().count(SCAN)
    file.seek(here)
    return count


def _orientation(image):
    """What the EXIF of ``image`` says of how it was held; nothing where it cannot be read, for the points are good all the same."""
    try:
        return image.getexif().get(ORIENTATION, 1)
    except Exception:  # whatever Pillow's parsing meets: it has no word of its own for broken EXIF
        return 1


def _opaque(image):
    """``image`` in points that can be scaled, on white: no numbers of a palette, no 16 bits, nothing that shines through."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode != "RGBA":
        return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")
    on_white = Image.new("RGB", image.size, "white")
    on_white.paste(image, mask=image)
    return on_white


def _in_screen_colours(image, profile):
    """The colours of ``image`` as sRGB shows them. A profile that cannot be read is passed over."""
    if profile and image.mode in ("RGB", "CMYK"):
        with contextlib.suppress(ImageCms.PyCMSError, OSError):
            return ImageCms.profileToProfile(image, io.BytesIO(profile), SCREEN, outputMode="RGB")
    return image


def _small(image, lies_down):
    """``image`` no larger than what we keep, once it stands upright. Refuses what is far higher than wide."""
    width, height = (image.height, image.width) if lies_down else image.size
    if height > width * HIGHEST:
        raise ValidationError(f"Ảnh cao gấp hơn {HIGHEST} lần chiều rộng. Hãy cắt bớt rồi tải lại.")
    scale = min(WIDTHS[-1] / width, (MOST_KEPT / (width * height)) ** 0.5)
    if scale >= 1:
        return image
    size = tuple(max(1, round(side * scale)) for side in image.size)
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2)


def _plain(image):
    """Its points alone, and nothing of what else the file said."""
    pixels = Image.new("RGB", image.size)
    pixels.paste(image)
    return pixels
