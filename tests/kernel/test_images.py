"""Pictures from people: what is read, what is refused, and that nothing of the received file survives."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, PngImagePlugin

from superapp.kernel.errors import Invalid
from superapp.kernel.images import EDGE_MAX, NotAPicture, PictureTooLarge, read_picture

FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "HEIF"]


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **options: object) -> bytes:
    image = Image.new("RGB", size, "#2f6f4f")
    ImageDraw.Draw(image).rectangle([0, 0, size[0] // 2, size[1] // 2], fill="#e0b040")
    buffer = BytesIO()
    image.convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises `width` × `height` pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", FORMATS)
def test_each_format_becomes_webp_variants(kind: str) -> None:
    read = read_picture(BytesIO(picture(kind, (3000, 2000))))
    assert read.size == (EDGE_MAX, 1365)
    for edge, size in [(2048, (2048, 1365)), (1080, (1080, 720)), (320, (320, 213))]:
        variant = opened(read.variant(edge))
        assert (variant.format, variant.mode, variant.size) == ("WEBP", "RGB", size)
    assert opened(read.square(96)).size == (96, 96)
    assert len(read.blurhash()) == 28


def test_a_small_picture_is_never_enlarged() -> None:
    assert opened(read_picture(BytesIO(picture(size=(40, 30)))).variant(320)).size == (40, 30)


@pytest.mark.parametrize("size", [(1, 1), (1, 9000), (9000, 1)])
def test_extreme_shapes_work(size: tuple[int, int]) -> None:
    read = read_picture(BytesIO(picture("PNG", size)))
    assert max(opened(read.variant(320)).size) <= 320
    assert read.blurhash()
    assert opened(read.square(96)).size == (96, 96)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK"])
def test_every_colour_mode_comes_out_as_rgb(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = opened(read_picture(BytesIO(picture(kind, mode=mode))).variant(320))
    assert image.mode == "RGB"
    assert image.getpixel((10, 10)) != image.getpixel((300, 230)) or mode == "1"


def test_a_16_bit_grey_keeps_its_tones() -> None:
    image = Image.new("I;16", (64, 64), 32768)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    grey = opened(read_picture(buffer).variant(64)).getpixel((5, 5))
    assert isinstance(grey, tuple)
    assert 120 < grey[0] < 136


def test_transparency_lies_on_white() -> None:
    buffer = BytesIO()
    Image.new("RGBA", (50, 50), (255, 0, 0, 0)).save(buffer, "PNG")
    assert opened(read_picture(buffer).variant(50)).getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.covers("D4")
def test_orientation_is_applied_and_every_note_is_gone() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90°
    exif[0x010F] = "MAKER-OF-THE-CAMERA"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.3), 3: "E", 4: (13.0, 24.0, 36.1)})
    content = picture(size=(400, 300), exif=exif, comment=b"A-PRIVATE-COMMENT", icc_profile=b"")
    assert Image.open(BytesIO(content)).getexif().get_ifd(0x8825)  # else the test would mean nothing

    read = read_picture(BytesIO(content))
    assert read.size == (300, 400)
    for variant in (read.variant(2048), read.variant(320), read.square(96)):
        for note in (b"EXIF", b"Exif", b"XMP ", b"ICCP", b"MAKER", b"PRIVATE"):
            assert note not in variant
        assert not opened(variant).getexif()


@pytest.mark.covers("D4")
def test_text_in_a_png_and_gps_in_a_heic_are_gone() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "A-PRIVATE-COMMENT")
    notes.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>A-PRIVATE-PLACE</x:xmpmeta>")
    exif = Image.Exif()
    exif[0x010F] = "MAKER-OF-THE-CAMERA"
    png, heic = picture("PNG", pnginfo=notes), picture("HEIF", exif=exif.tobytes())
    assert b"PRIVATE" in png
    assert b"MAKER" in heic
    for content in (png, heic):
        variant = read_picture(BytesIO(content)).variant(320)
        assert b"PRIVATE" not in variant
        assert b"MAKER" not in variant


@pytest.mark.covers("D3")
def test_only_the_first_frame_of_an_animation_is_kept() -> None:
    frames = [Image.new("RGB", (60, 60), colour) for colour in ("red", "green", "blue")]
    buffer = BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=50)
    assert getattr(opened(buffer.getvalue()), "n_frames", 1) == 3
    still = opened(read_picture(buffer).variant(60))
    assert getattr(still, "n_frames", 1) == 1
    red = still.convert("RGB").getpixel((30, 30))
    assert isinstance(red, tuple)
    assert red[0] > 200 and red[1] < 60


@pytest.mark.covers("D3")
@pytest.mark.parametrize("size", [(65_000, 65_000), (5_800, 5_800), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises((PictureTooLarge, NotAPicture)):
        read_picture(BytesIO(png_claiming(*size)))


def test_the_largest_size_is_a_limit_on_pixels_not_on_either_edge() -> None:
    assert read_picture(BytesIO(picture("PNG", (30_000, 1_000)))).size == (2048, 68)
    with pytest.raises(PictureTooLarge):
        read_picture(BytesIO(picture("PNG", (30_000, 1_200))))


@pytest.mark.covers("D2")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 4096,
        b"just words",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7\n<script>",
        b"GIF89a/*\x00\x00*/=alert(1);",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00",
        b"%!PS-Adobe-3.0\n(a) run",
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        read_picture(BytesIO(content))


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PPM", "TGA", "PDF"])
def test_a_picture_in_another_format_is_refused(kind: str) -> None:
    with pytest.raises(NotAPicture):
        read_picture(BytesIO(picture(kind, (64, 64))))


@pytest.mark.covers("D2")
def test_a_polyglot_leaves_its_other_half_behind() -> None:
    content = picture() + b"<script>alert('hello')</script>PK\x05\x06" + b"\0" * 18
    variant = read_picture(BytesIO(content)).variant(320)
    assert b"script" not in variant
    assert b"PK\x05\x06" not in variant


@pytest.mark.covers("D3")
@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("part", [0.02, 0.3, 0.9])
def test_a_truncated_picture_is_refused(kind: str, part: float) -> None:
    content = picture(kind, (300, 200))
    with pytest.raises(Invalid):
        read_picture(BytesIO(content[: int(len(content) * part)]))


SAMPLES = {kind: picture(kind, (64, 48)) for kind in FORMATS}


@pytest.mark.covers("D3")
@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from(FORMATS), changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=9))
def test_whatever_the_bytes_are_there_is_a_picture_or_a_refusal(kind: str, changes: list[tuple[float, int]]) -> None:
    content = bytearray(SAMPLES[kind])
    for place, value in changes:
        content[int(place * len(content))] = value
    try:
        read = read_picture(BytesIO(bytes(content)))
    except Invalid:
        return
    assert read.variant(320)
    assert read.blurhash()


def test_a_file_over_the_limit_is_not_even_opened(settings) -> None:  # type: ignore[no-untyped-def]
    content = picture()
    settings.UPLOAD_MAX_BYTES = len(content)
    assert read_picture(BytesIO(content)).size == (640, 480)
    settings.UPLOAD_MAX_BYTES = len(content) - 1
    with pytest.raises(PictureTooLarge):
        read_picture(BytesIO(content))


def test_a_broken_colour_profile_does_not_spoil_the_picture() -> None:
    assert read_picture(BytesIO(picture(icc_profile=b"not a profile at all"))).size == (640, 480)
