from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from superapp.keys import read_or_make_secret


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = read_or_make_secret(tmp_path / "key")

    assert len(first) > 60
    assert read_or_make_secret(tmp_path / "key") == first
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_many_processes_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: read_or_make_secret(tmp_path / "key"), range(64)))

    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"], "no draft is left behind"


def test_where_nothing_can_be_stored_the_key_is_still_strong() -> None:
    assert len(read_or_make_secret(Path("/proc/no-such-folder/key"))) > 60
