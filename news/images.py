"""The one place that decodes an upload: pixels in, our own files out, nothing else of the upload survives."""

import io
import secrets
import warnings
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

WIDTHS = (480, 960, 1600)
MOST_PIXELS = 24_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITY = {"jpg": {"format": "JPEG", "quality": 80, "optimize": True, "progressive": True},
           "webp": {"format": "WEBP", "quality": 78, "method": 4}}  # fmt: skip
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
        scaled = pixels.resize((width, max(1, round(pixels.height * width / pixels.width))), Image.Resampling.LANCZOS)
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
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(file, formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise ValidationError("Ảnh lớn quá 24 triệu điểm ảnh. Hãy thu nhỏ rồi tải lại.")
        image.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))
        image.load()
        return _flat(ImageOps.exif_transpose(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ValidationError("Ảnh lớn quá 24 triệu điểm ảnh. Hãy thu nhỏ rồi tải lại.") from None
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise ValidationError(NOT_AN_IMAGE) from error


def _flat(image):
    """Pixels alone: transparency on white, no metadata."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    pixels = image.convert("RGB")
    flat = Image.new("RGB", pixels.size)
    flat.paste(pixels)
    return flat
