"""Converts one video or voice message: `python -m uploads.encode video <source> <folder> <limits as JSON>`.

A program of its own, because decoders meet whatever somebody sends: it has bounds on memory, time and size, knows
nothing of the product, opens no address and no second file, and may die without harm. It says on its output what it
made, as one line of JSON.

Only pictures and sound are carried over, into a new file: titles, places, dates and whatever else was in the old one
stay behind.
"""

from __future__ import annotations

import json
import resource
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.filter import Graph
from PIL import Image

from uploads.sniffing import HEAD, container_of

EDGE_MAX = 1280  # of what is encoded anew
EDGE_KEPT = 1920  # of what every browser plays already, and is only packed anew
RATE_MAX = 30
POSTER_AT = 1.0  # second
PEAKS = 64
PEAK_RATE = 16_000
TURNS = {-90: ["transpose=clock"], 90: ["transpose=cclock"], 180: ["hflip", "vflip"], -180: ["hflip", "vflip"]}


class Refused(Exception):
    """With the reason as `Upload.Failure` names it."""


@dataclass(frozen=True)
class Limits:
    seconds: float
    frames: int
    pixels: int
    memory: int
    cpu: int
    size: int

    def apply(self) -> None:
        for what, most in [
            (resource.RLIMIT_DATA, self.memory),
            (resource.RLIMIT_CPU, self.cpu),
            (resource.RLIMIT_FSIZE, self.size),
            (resource.RLIMIT_NOFILE, 64),
            (resource.RLIMIT_CORE, 0),
        ]:
            resource.setrlimit(what, (most, most))


def main(kind: str, source: str, folder: str, limits: str) -> None:
    bounds = Limits(**json.loads(limits))
    bounds.apply()
    convert = {"video": convert_video, "voice": convert_voice}[kind]
    try:
        answer = convert(Path(source), Path(folder), bounds)
    except Refused as reason:
        answer = {"failure": str(reason)}
    except (MemoryError, OSError) as error:
        answer = {"failure": "unreadable" if isinstance(error, av.FFmpegError) else "too_heavy"}
    except Exception:  # decoders meet broken bytes with whatever error comes first
        answer = {"failure": "unreadable"}
    print(json.dumps(answer))  # noqa: T201  (this is how it answers)


def opened(source: Path) -> Any:
    """The demuxer is named by us, so that no list of other files is ever followed."""
    with source.open("rb") as file:
        container = container_of(file.read(HEAD))
    if container is None:
        raise Refused("unreadable")
    return av.open(str(source), format=container, options={"protocol_whitelist": "file"}, metadata_errors="ignore")


# --- Video ----------------------------------------------------------------------------------------------------------


def convert_video(source: Path, folder: Path, limits: Limits) -> dict[str, Any]:
    with opened(source) as film:
        picture = _first(film.streams.video)
        if picture is None or picture.codec_context is None:
            raise Refused("unreadable")
        _check_pixels(picture.codec_context.width, picture.codec_context.height, limits)
        poster, rotation = _poster(film, picture, limits)
        poster.save(folder / "poster.png")
    target = folder / "video.mp4"
    with opened(source) as film:
        pack = _repack if _plays_everywhere(film) else _encode
        duration = pack(film, target, rotation, poster.size, limits)
    return {"width": poster.width, "height": poster.height, "duration": duration}


def _first(streams: Any) -> Any:
    return next(iter(streams), None)


def _check_pixels(width: int, height: int, limits: Limits) -> None:
    if width < 1 or height < 1:
        raise Refused("unreadable")
    if width * height > limits.pixels:
        raise Refused("too_large")


def _poster(film: Any, stream: Any, limits: Limits) -> tuple[Image.Image, int]:
    """The picture about a second in, upright, and how far it has been turned."""
    chosen = None
    for number, frame in enumerate(film.decode(stream)):
        chosen = frame
        if (frame.time or 0) >= POSTER_AT or number >= 2 * RATE_MAX:
            break
    if chosen is None:
        raise Refused("unreadable")
    _check_pixels(chosen.width, chosen.height, limits)
    rotation = round((chosen.rotation or 0) / 90) * 90
    upright = chosen.to_image().rotate(rotation, expand=True)
    return upright.resize(_within(upright.size, EDGE_KEPT)), rotation


def _within(size: tuple[int, int], edge: int) -> tuple[int, int]:
    """Scaled down to the edge, and even, as encoders like it."""
    scale = min(1, edge / max(size))
    return max(2, int(size[0] * scale / 2) * 2), max(2, int(size[1] * scale / 2) * 2)


def _plays_everywhere(film: Any) -> bool:
    """MP4 with H.264 in ordinary colours and AAC: it needs a clean box at most."""
    picture, sound = _first(film.streams.video), _first(film.streams.audio)
    context = picture.codec_context
    return (
        film.format.name.startswith("mov")  # others leave times out
        and context.name == "h264"
        and context.pix_fmt in {"yuv420p", "yuvj420p"}
        and max(context.width, context.height) <= EDGE_KEPT
        and (sound is None or sound.codec_context.name == "aac")
    )


def _new_film(target: Path) -> Any:
    return av.open(str(target), "w", format="mp4", container_options={"movflags": "+faststart"})


def _repack(film: Any, target: Path, rotation: int, size: tuple[int, int], limits: Limits) -> float:
    del rotation, size  # they go along with the stream
    wanted = [stream for stream in (_first(film.streams.video), _first(film.streams.audio)) if stream is not None]
    watch = _Watch(limits)
    with _new_film(target) as made:
        places = {stream.index: made.add_stream_from_template(stream) for stream in wanted}
        for place in places.values():
            place.metadata.clear()
        for packet in film.demux(wanted):
            if packet.dts is None:
                continue
            if packet.stream.type == "video":
                watch.see(float((packet.pts or packet.dts) * packet.time_base))
            packet.stream = places[packet.stream.index]
            made.mux(packet)
    return watch.end


def _encode(film: Any, target: Path, rotation: int, size: tuple[int, int], limits: Limits) -> float:
    picture, sound = _first(film.streams.video), _first(film.streams.audio)
    picture.thread_type = "AUTO"
    picture.thread_count = 2
    rate = min(Fraction(picture.average_rate or RATE_MAX), Fraction(RATE_MAX)) or Fraction(RATE_MAX)
    watch = _Watch(limits)
    with _new_film(target) as made:
        graph: Graph | None = None
        pictures = made.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": "25"})
        pictures.width, pictures.height = _within(size, EDGE_MAX)
        pictures.pix_fmt = "yuv420p"
        pictures.thread_count = 2
        sounds: Any = made.add_stream("aac", rate=44_100, layout="stereo", bit_rate=96_000) if sound else None
        for frame in film.decode(*[stream for stream in (picture, sound) if stream is not None]):
            if isinstance(frame, av.AudioFrame):
                made.mux(sounds.encode(_from_start(frame)))
                continue
            watch.see(frame.time or 0)
            _check_pixels(frame.width, frame.height, limits)
            if graph is None:
                graph = _graph(frame, picture, rate, rotation, (pictures.width, pictures.height))
            graph.push(frame)
            for shaped in _pulled(graph):
                made.mux(pictures.encode(shaped))
        if graph is None:
            raise Refused("unreadable")
        graph.push(None)
        for shaped in _pulled(graph):
            made.mux(pictures.encode(shaped))
        made.mux(pictures.encode(None))
        if sounds is not None:
            made.mux(sounds.encode(None))
    return watch.end


def _graph(frame: Any, stream: Any, rate: Fraction, rotation: int, size: tuple[int, int]) -> Graph:
    """Upright, in the size wanted, at a steady rate, in ordinary colours."""
    graph = Graph()
    ends = [graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=stream.time_base)]
    steps = [
        *TURNS.get(rotation, []),
        f"scale={size[0]}:{size[1]}",
        f"fps={rate.numerator}/{rate.denominator}",
        "format=yuv420p",
    ]
    for step in steps:
        name, _, arguments = step.partition("=")
        ends.append(graph.add(name, arguments or None))
    ends.append(graph.add("buffersink"))
    graph.link_nodes(*ends).configure()
    return graph


def _pulled(graph: Graph) -> Iterator[Any]:
    while True:
        try:
            frame: Any = graph.pull()
        except (BlockingIOError, EOFError):
            return
        frame.pict_type = 0
        yield frame


def _from_start(frame: Any) -> Any:
    frame.pts = None  # counted anew by the encoder
    return frame


class _Watch:
    """Refuses what goes on for too long, whatever its header promised."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._frames = 0
        self._first: float | None = None
        self.end = 0.0

    def see(self, time: float) -> None:
        self._first = time if self._first is None else self._first
        self._frames += 1
        self.end = max(self.end, time - self._first)
        if self.end > self._limits.seconds or self._frames > self._limits.frames:
            raise Refused("too_long")


# --- Voice ----------------------------------------------------------------------------------------------------------


def convert_voice(source: Path, folder: Path, limits: Limits) -> dict[str, Any]:
    """AAC in MP4, which every browser plays, and how loud it is over its time."""
    loud, count = [], 0
    per_look = PEAK_RATE // 50
    with (
        opened(source) as sound,
        av.open(str(folder / "voice.m4a"), "w", format="mp4", container_options={"movflags": "+faststart"}) as made,
    ):
        heard = _first(sound.streams.audio)
        if heard is None:
            raise Refused("unreadable")
        voice = made.add_stream("aac", rate=48_000, layout="mono", bit_rate=64_000)
        listener = av.AudioResampler(format="s16", layout="mono", rate=PEAK_RATE)
        for frame in sound.decode(heard):
            for part in listener.resample(frame):
                samples = array("h", bytes(part.planes[0])[: part.samples * 2])
                count += len(samples)
                loud += [_loudness(samples[at : at + per_look]) for at in range(0, len(samples), per_look)]
            if count > (limits.seconds + 1) * PEAK_RATE:
                raise Refused("too_long")
            made.mux(voice.encode(_from_start(frame)))
        made.mux(voice.encode(None))
    if not count:
        raise Refused("unreadable")
    return {"duration": count / PEAK_RATE, "peaks": _peaks(loud)}


def _loudness(samples: array[int]) -> int:
    return max(abs(sample) for sample in samples) if samples else 0


def _peaks(loud: list[int]) -> list[int]:
    """At most PEAKS numbers from 0 to 100, the loudest of them 100 unless it is next to silence."""
    wanted = min(PEAKS, len(loud))
    parts = [loud[at * len(loud) // wanted : (at + 1) * len(loud) // wanted] for at in range(wanted)]
    means = [sum(part) / len(part) for part in parts if part]
    top = max([*means, 400])
    return [round(100 * mean / top) for mean in means]


if __name__ == "__main__":
    main(*sys.argv[1:])
