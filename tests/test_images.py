"""What becomes of an upload: our own files from its pixels, or a refusal in words with nothing on the disk."""

import contextlib
import io
import random
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, models
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from news import html, images
from news.models import Picture
from tests.factories import make_photo, make_picture
from tests.running_site import ROOT

pytestmark = pytest.mark.computing
SCREEN = ImageCms.createProfile("sRGB")
SECRET = b"<script>alert('GPS 9.98,106.2')</script>"


def sent(image, kind, name="anh.jpg", **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return SimpleUploadedFile(name, out.getvalue())


def noise(width, height):
    return Image.frombytes("RGB", (width, height), random.Random(1).randbytes(width * height * 3))


def decoded(encoded, kind="jpg"):
    return Image.open(io.BytesIO(encoded.files[encoded.width, kind]))


def refused(file):
    with pytest.raises(ValidationError) as caught:
        images.encode(file)
    return caught.value.messages[0]


def test_a_photograph_is_kept_in_three_widths_of_two_formats():
    encoded = images.encode(make_photo(2400, 1600))
    assert sorted(encoded.files) == [(width, kind) for width in (480, 960, 1600) for kind in ("jpg", "webp")]
    for (width, kind), content in encoded.files.items():
        picture = Image.open(io.BytesIO(content))
        assert (picture.format, picture.size) == ({"jpg": "JPEG", "webp": "WEBP"}[kind], (width, round(width * 2 / 3)))
    assert (encoded.width, encoded.height) == (1600, 1067)


@pytest.mark.parametrize(("width", "widths"), [(300, [300]), (480, [480]), (700, [480, 700]), (1000, [480, 960, 1000])])
def test_a_small_picture_is_never_enlarged(width, widths):
    assert sorted({size for size, _ in images.encode(make_photo(width, 200)).files}) == widths


@pytest.mark.parametrize(("width", "height"), [(1, 1), (20_000, 1), (4000, 10), (500, 4000)])
def test_odd_shapes_are_taken(width, height):
    encoded = images.encode(make_photo(width, height, kind="PNG"))
    assert encoded.width == min(width, 1600) and encoded.height >= 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_each_common_kind_is_taken_whatever_its_name(kind):
    assert images.encode(make_photo(kind=kind, name="../../x.php")).width == 800


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK", "YCbCr", "F"])
def test_each_way_of_storing_colours_comes_out_as_plain_colours(mode):
    base = Image.linear_gradient("L").resize((64, 64))
    if mode == "I;16":
        file = sent(Image.frombytes("I;16", (64, 64), b"\x00\x80" * 64 * 64), "PNG")
    else:
        file = sent(base.convert("RGB").convert(mode) if mode in ("CMYK", "YCbCr", "RGBA", "P") else base.convert(mode),
                    {"CMYK": "JPEG", "YCbCr": "JPEG", "F": "TIFF"}.get(mode, "PNG"))  # fmt: skip
    if mode == "F":
        assert "không phải là ảnh" in refused(file)
        return
    picture = decoded(images.encode(file))
    assert picture.mode == "RGB"
    if mode == "I;16":
        assert abs(picture.getpixel((30, 30))[0] - 128) < 6


def test_what_is_transparent_becomes_white():
    picture = decoded(images.encode(sent(Image.new("RGBA", (64, 64), (200, 0, 0, 0)), "PNG")))
    assert min(picture.getpixel((30, 30))) > 250


def swapped_profile():
    """The profile of a screen whose red is called green and whose green is called red."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    entries = {
        bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * int.from_bytes(profile[128:132], "big"), 12)
    }
    red, green = entries[b"rXYZ"], entries[b"gXYZ"]
    profile[red : red + 4], profile[green : green + 4] = profile[green : green + 4], profile[red : red + 4]
    return bytes(profile)


def test_colours_of_another_space_are_turned_into_those_every_screen_has():
    green = sent(Image.new("RGB", (64, 64), (0, 255, 0)), "JPEG", icc_profile=swapped_profile())
    picture = decoded(images.encode(green))
    red, green, _ = picture.getpixel((30, 30))
    assert red > 240 and green < 15
    assert "icc_profile" not in picture.info


def test_a_photograph_of_scans_without_end_is_refused_at_once():
    """Each is a few bytes and goes over all points: a file of a megabyte would take minutes."""
    out = io.BytesIO()
    Image.new("L", (2000, 2000), 128).save(out, "JPEG", progressive=True)
    whole = out.getvalue()
    last = whole.rindex(images.SCAN)
    began = time.process_time()
    with pytest.raises(ValidationError, match="không phải là ảnh"):
        images.encode(SimpleUploadedFile("a.jpg", whole[:last] + whole[last:-2] * 1000 + whole[-2:]))
    assert time.process_time() - began < 1


def test_what_is_far_higher_than_wide_is_refused():
    assert "cao gấp hơn 8 lần" in refused(make_photo(1, 20_000, kind="PNG"))


def test_a_broken_colour_profile_does_not_stop_a_good_photograph():
    assert images.encode(sent(noise(64, 64), "JPEG", icc_profile=b"rubbish")).width == 64


def test_only_the_first_picture_of_an_animation_is_kept():
    frames = [Image.new("RGB", (64, 64), color) for color in ("red", "blue", "green")]
    for kind in ("GIF", "WEBP", "PNG"):
        picture = decoded(images.encode(sent(frames[0], kind, save_all=True, append_images=frames[1:])), "webp")
        assert getattr(picture, "n_frames", 1) == 1
        assert picture.convert("RGB").getpixel((30, 30))[0] > 200


def test_the_photograph_stands_upright_and_where_it_was_taken_is_gone():
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x8825] = 6, SECRET.decode(), {1: "N", 2: (9.0, 58.0, 0.0)}
    image = ImageOps.expand(Image.new("RGB", (300, 200), "white"), (0, 0, 0, 100), "black")
    encoded = images.encode(sent(image, "JPEG", exif=exif, comment=SECRET))
    assert (encoded.width, encoded.height) == (300, 300)
    picture = decoded(encoded)
    assert picture.getpixel((10, 150))[0] < 40 and picture.getpixel((290, 150))[0] > 200
    for content in encoded.files.values():
        assert not Image.open(io.BytesIO(content)).getexif()
        assert b"Exif" not in content and b"GPS" not in content and b"http" not in content


@pytest.mark.parametrize("orientation", range(10))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_way_of_holding_a_camera_comes_out_upright(kind, orientation):
    """The corner that is dark is where Pillow's own turning puts it."""
    image = Image.new("RGB", (300, 200), "white")
    image.paste("black", (0, 0, 100, 60))
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = sent(image, kind, exif=exif)
    expected = ImageOps.exif_transpose(Image.open(file))
    got = decoded(images.encode(file))
    assert got.size == expected.size
    corners = [(9, 9), (got.width - 9, 9), (9, got.height - 9), (got.width - 9, got.height - 9)]
    assert [got.getpixel(at)[0] < 60 for at in corners] == [
        expected.convert("RGB").getpixel(at)[0] < 60 for at in corners
    ]


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_what_a_camera_wrote_wrongly_beside_a_photograph_is_passed_over_or_refused_and_no_error():
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x8825], exif[0x8769] = (
        6,
        "lời tả",
        {1: "N", 2: (9.0, 58.0, 0.0)},
        {0x9003: "2020"},
    )
    content, taken = sent(noise(64, 48), "JPEG", exif=exif).read(), 0
    for at in range(20, 200):
        for wrong in (0, 2, 5, 10, 12, 255):
            with contextlib.suppress(ValidationError):
                images.encode(SimpleUploadedFile("a.jpg", content[:at] + bytes([wrong]) + content[at + 1 :]))
                taken += 1
    assert taken > 900


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0II*\0", b"Exif\0\0", b"II*\0\x08\0\0\0\xff", b"rubbish", b"\0", b"MM\0*" + b"\xff" * 40]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_a_good_photograph_is_taken_whatever_stands_where_its_camera_wrote(kind, exif):
    encoded = images.encode(sent(noise(64, 48), kind, exif=exif))
    assert (encoded.width, encoded.height) == (64, 48)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_what_is_hidden_behind_or_inside_a_picture_is_in_no_file_of_ours(kind):
    options = {}
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Comment", SECRET.decode())
    elif kind == "JPEG":
        options["comment"] = SECRET
    content = sent(noise(64, 64), kind, **options).read() + SECRET + b"PK\x03\x04<?php system('id'); ?>"
    encoded = images.encode(SimpleUploadedFile("a.php", content))
    assert not any(SECRET in file or b"<?php" in file or b"PK\x03\x04" in file for file in encoded.files.values())


def png_of(width, height):
    """The file of a PNG that says it is ``width`` x ``height`` and unpacks to nothing but zeros."""

    def chunk(name, data):
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(10**6)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (2**31 - 1, 2**31 - 1), (6000, 4001)])
def test_a_picture_of_too_many_points_is_refused_from_its_header(width, height):
    began = time.process_time()
    assert "24 triệu điểm" in refused(SimpleUploadedFile("a.png", png_of(width, height)))
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00", b"<html></html>", b'<svg xmlns="http://www.w3.org/2000/svg"/>', b"<?php ?>", b"%PDF-1.7", b"GIF89a", b"\xff\xd8\xff\xe0",
     b"BM" + bytes(60), b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",],
)  # fmt: skip
def test_what_is_no_whole_picture_is_refused_in_words(content):
    assert "không phải là ảnh đọc được" in refused(SimpleUploadedFile("a.jpg", content))


def test_a_webp_of_more_than_twelve_million_points_is_refused():
    assert "12 triệu điểm" in refused(sent(Image.new("RGB", (4001, 3000)), "WEBP", method=0))


def test_a_photograph_cut_short_is_refused():
    content = sent(noise(300, 300), "JPEG").read()
    assert "không phải là ảnh đọc được" in refused(SimpleUploadedFile("a.jpg", content[: len(content) // 2]))


def test_a_file_over_thirty_megabytes_is_refused():
    file = SimpleUploadedFile("a.jpg", b"")
    file.size = settings.UPLOAD_LIMIT + 1
    assert "30 MB" in refused(file)


def files():
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


@given(st.from_regex(images.NAME, fullmatch=True), st.from_regex(html.OWN_PICTURE, fullmatch=True))
def test_what_a_text_may_show_is_what_our_files_are_called_and_nothing_else(name, src):
    assert html.OWN_PICTURE.fullmatch(f"/media/{name}")
    assert images.NAME.fullmatch(src.removeprefix("/media/"))


@pytest.mark.parametrize("kind", images.QUALITY)
@pytest.mark.parametrize("width", [1, *images.WIDTHS])
def test_the_name_of_a_file_tells_which_picture_it_is_of(width, kind):
    assert images.NAME.fullmatch(images.name("0f" * 16, width, kind))["key"] == "0f" * 16


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["../../etc/x.jpg", "a\x00.jpg", "x" * 300 + ".jpg", "anh\u202egpj.exe", ".htaccess", "a.php"]
)
def test_no_name_of_an_upload_reaches_the_disk(name):
    before = files()
    file = make_photo()
    file._name = name
    picture = Picture.create_from(file)
    new = {path.relative_to(settings.MEDIA_ROOT).as_posix() for path in files() - before}
    assert new == set(picture.files)
    assert all(path.startswith(f"anh/{picture.key[:2]}/{picture.key}-") for path in new)


def test_a_disk_that_fills_up_in_the_middle_keeps_none_of_the_files(monkeypatch):
    before, save, written = files(), default_storage.save, []

    def full(name, content):
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        written.append(name)
        return save(name, content)

    monkeypatch.setattr(default_storage, "save", full)
    with pytest.raises(OSError, match="No space"):
        images.store(images.encode(make_photo(2000, 1000)))
    assert files() == before


def test_a_database_that_takes_no_picture_leaves_none_of_the_files(monkeypatch):
    def down(*args, **kwargs):
        raise OperationalError("database is locked")

    before = files()
    monkeypatch.setattr(models.Model, "save", down)
    with pytest.raises(OperationalError):
        Picture.create_from(make_photo())
    assert files() == before


MEASURE = """
import re, sys, django
django.setup()
from django.core.files import File
from news import images
images.encode(File(open(sys.argv[1], "rb")))
print(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1])
"""


@pytest.mark.parametrize(
    ("kind", "mode", "size"),
    [("JPEG", "RGB", (6000, 4000)), ("PNG", "RGB", (6000, 4000)), ("PNG", "RGBA", (6000, 4000)), ("PNG", "P", (6000, 4000)),
     ("PNG", "P", (1600, 12800)), ("PNG", "RGBA", (1600, 12800)), ("PNG", "I;16", (1500, 8000)), ("WEBP", "RGB", (4000, 3000))],
)  # fmt: skip
def test_the_largest_photograph_takes_less_than_three_hundred_megabytes(kind, mode, size, tmp_path):
    quickly = {"PNG": {"compress_level": 1}, "WEBP": {"method": 0}}.get(kind, {})
    picture = noise(60, 40).resize(size, Image.Resampling.NEAREST)
    picture = picture.convert("L") if mode == "I;16" else picture  # Pillow makes no 16 bits of colours
    profile = ImageCms.ImageCmsProfile(SCREEN).tobytes()
    picture.convert(mode).save(tmp_path / "a", kind, icc_profile=profile, **quickly)
    env = {"DJANGO_SETTINGS_MODULE": "canglong_portal.settings", "DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path / "a")],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) / 1024 < 300  # the whole process, at its largest


@pytest.mark.django_db
def test_nothing_in_a_pictures_file_could_ever_run_and_it_may_be_kept_for_ever(client):
    answer = client.get(make_picture().url())
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for address in (
        "/media/",
        "/media/anh/",
        "/media/anh/00/",
        "/media/../portal.sqlite3",
        "/media/anh/../../secret_key",
    ):
        assert client.get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["Ảnh: Minh Hiếu", "ảnh : Minh Hiếu", "Minh Hiếu", "Ảnh: Ảnh: Minh Hiếu"])
def test_a_credit_is_a_name_and_its_label_is_printed_once(typed):
    picture = make_picture(credit=typed)
    assert picture.credit == "Minh Hiếu"
    assert picture.figure("x", "", picture.credit).count("Ảnh:") == 1
