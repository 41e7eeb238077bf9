"""The rules of docs/architecture.md that a machine can hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter

from accounts.models import User
from tests.conftest import Api, Web

ROOT = Path(__file__).parent.parent
APPS = ("accounts", "uploads", "notifications", "wallet", "chat", "moments", "publicaccounts", "bots")
ACCESS: dict[str, str] = tomllib.loads((ROOT / "tests/access.toml").read_text())


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Our own modules, with their syntax trees."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def found(
    rule: Callable[[ast.AST], bool], *folders: str, where: Callable[[str], bool] = lambda path: True
) -> list[str]:
    return [
        f"{path}:{getattr(node, 'lineno', 0)}"
        for path, tree in sources(*folders)
        if where(path)
        for node in ast.walk(tree)
        if rule(node)
    ]


def is_door(path: str) -> bool:
    """Views, REST, sockets, tasks and the administration: they call services and decide nothing."""
    return bool(re.search(r"/(views|api|consumers|tasks|admin)(/|\.py$|_)", path))


# --- the tower ---


def test_each_app_stands_on_those_below_it() -> None:
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-2000:]
    assert re.search(r"[1-9]\d* kept, 0 broken", result.stdout)


# --- two doors out of a transaction ---


def test_work_leaves_a_transaction_through_the_outbox_alone() -> None:
    handed_over = found(
        lambda node: isinstance(node, ast.Attribute) and node.attr in {"delay", "apply_async", "send_task"},
        *APPS, "superapp",
    )  # fmt: skip

    assert [place.split(":")[0] for place in handed_over] == ["superapp/kernel/outbox.py"]


def test_live_events_leave_through_the_hub_alone() -> None:
    names = {"group_send", "get_channel_layer", "channel_layer"}
    assert (
        found(lambda node: isinstance(node, ast.Attribute | ast.Name) and _name(node) in names, *APPS, "superapp") == []
    )


@pytest.mark.covers("E2")
def test_nothing_talks_to_the_network_but_the_places_made_for_it() -> None:
    allowed = {
        "notifications/mail.py", "superapp/health.py", "superapp/kernel/live.py", "superapp/embedded.py",
        "superapp/kernel/fetch.py",
    }  # fmt: skip
    modules = {
        "requests", "httpx", "httpcore", "urllib3", "aiohttp", "urllib.request", "http.client", "smtplib", "ftplib",
        "socket", "asyncio.streams", "redis", "django.core.mail",
    }  # fmt: skip
    talkers = {place.split(":")[0] for place in found(lambda node: bool(_imported(node) & modules), *APPS, "superapp")}

    assert talkers - allowed == set()


@pytest.mark.covers("E1", "E2")
def test_other_servers_are_asked_in_the_background_alone() -> None:
    """What imports the fetcher is imported by tasks, and by nothing that answers a request."""

    def importers_of(*modules: str) -> set[str]:
        return {path for path, tree in sources(*APPS, "superapp") if _imported_by(path, tree) & set(modules)}

    askers = importers_of("superapp.kernel.fetch")
    as_modules = [path.removesuffix(".py").replace("/", ".") for path in askers]
    assert [path for path in importers_of(*as_modules) - askers if not path.endswith("/tasks.py")] == []


def _imported_by(path: str, tree: ast.Module) -> set[str]:
    """In full names, wherever the import stands."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            package = ".".join(path.split("/")[: -node.level])
            whole = f"{package}.{node.module}" if node.module else package
            names |= {whole, *(f"{whole}.{alias.name}" for alias in node.names)}
        else:
            names |= _imported(node)
    return names


def test_there_are_no_hidden_effects_in_signals_or_save() -> None:
    signals = found(
        lambda node: isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("django.db.models.signals", "django.dispatch"))
        and {alias.name for alias in node.names} - {"pre_migrate", "post_migrate"} != set(),
        *APPS, "superapp",
    )  # fmt: skip
    overrides = found(
        lambda node: isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}, *APPS, "superapp/kernel",
        where=lambda path: "/models" in path,
    )  # fmt: skip

    assert signals == []
    assert overrides == []


def test_transactions_belong_to_services() -> None:
    names = {
        "atomic",
        "select_for_update",
        "on_commit",
        "bulk_create",
        "bulk_update",
        "get_or_create",
        "update_or_create",
    }
    assert found(lambda node: isinstance(node, ast.Attribute) and node.attr in names, *APPS, where=is_door) == []


# --- loading is the permission check ---


def test_doors_never_load_content_past_its_rule_of_sight() -> None:
    """`get_object_or_404(Model, …)` and `Model.objects.get(…)` ask nobody whether the viewer may see the row. What is
    filtered by the viewer, or for the viewer, does."""
    asked = re.compile(r"visible_to\(|for_member\(|request\.user|owner=person|friend__in=friends|values\(")

    def is_bare(node: ast.AST) -> bool:
        if not isinstance(node, ast.Call):
            return False
        if _name(node.func) == "get_object_or_404":
            return isinstance(node.args[0], ast.Name) and node.args[0].id[:1].isupper()
        return (
            isinstance(node.func, ast.Attribute)
            and node.func.attr in {"get", "filter", "all", "first", "last"}
            and _name(node.func.value) == "objects"
        )

    def is_read(path: str) -> bool:
        return is_door(path) and "/tasks" not in path and "/admin" not in path

    bare = []
    for place in found(is_bare, *APPS, where=is_read):
        path, _, line = place.partition(":")
        statement = (ROOT / path).read_text().splitlines()[int(line) - 1]
        if not asked.search(statement):
            bare.append(f"{place} {statement.strip()}")
    assert bare == []


def test_every_content_model_has_its_rule_of_sight() -> None:
    content = {
        "accounts": ["User", "FriendRequest"], "uploads": ["Upload"], "notifications": ["Notification"],
        "wallet": ["Entry"],
        "chat": ["Conversation", "Message", "MessageEdit", "Reaction", "RecalledText", "Record", "SavedItem"],
        "moments": ["Moment", "Comment"],
        "publicaccounts": ["PublicAccount", "Article", "Comment"], "bots": ["Bot", "Delivery", "Webhook"],
    }  # fmt: skip
    for app, names in content.items():
        for name in names:
            model = apps.get_model(app, name)
            assert hasattr(model._default_manager.all(), "visible_to"), f"{app}.{name}"


# --- the database ---


def test_migrations_are_complete(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_money_is_counted_in_whole_numbers() -> None:
    for model in apps.get_app_config("wallet").get_models():
        for field in model._meta.get_fields():
            assert not isinstance(field, models.FloatField | models.DecimalField), field


# --- the access table ---


def _walk(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            inner = f"{namespace}{part.namespace}:" if part.namespace else namespace
            yield from _walk(part, inner)
        elif part.name:
            yield f"{namespace}{part.name}", part
        else:
            yield f"{namespace}(nameless {part.pattern})", part


URLS = dict(_walk(get_resolver()))


def policy_of(name: str) -> str | None:
    """From the table; `admin:*` stands for all names that begin so."""
    if name in ACCESS:
        return ACCESS[name]
    return next((policy for key, policy in ACCESS.items() if key.endswith("*") and name.startswith(key[:-1])), None)


@pytest.mark.covers("A1")
def test_every_url_is_in_the_access_table() -> None:
    assert [name for name in URLS if policy_of(name) is None] == []


@pytest.mark.covers("A1")
def test_the_access_table_has_no_dead_names() -> None:
    dead = [
        key for key in ACCESS if not any(name == key or (key[-1] == "*" and name.startswith(key[:-1])) for name in URLS)
    ]

    assert dead == []
    assert set(ACCESS.values()) <= {"public", "signed_in", "staff"}


def _address(name: str) -> str:
    """The URL with made-up arguments that fit."""
    pattern = URLS[name].pattern
    fixed: dict[str, Any] = {key: _made_up(converter) for key, converter in pattern.converters.items()}
    free = set(pattern.regex.groupindex) - set(fixed)
    for value in ("1", "nobody", "wallet"):
        try:
            return reverse(name, kwargs=fixed | dict.fromkeys(free, value))
        except NoReverseMatch:
            continue
    raise AssertionError(f"{name} needs arguments of a shape of its own")


def _made_up(converter: Any) -> Any:
    if isinstance(converter, UUIDConverter):
        return "8f14e45f-ceea-467f-8a52-1d9b0f3c2a11"
    return 1 if isinstance(converter, IntConverter) else "nobody"


NAMES = sorted(name for name in URLS if "nameless" not in name and policy_of(name))


@pytest.mark.covers("A2")
@pytest.mark.parametrize("name", [name for name in NAMES if policy_of(name) == "signed_in"])
def test_a_guest_is_refused(db: None, name: str) -> None:
    address = _address(name)
    for method in ("get", "post"):
        response = getattr(Client(), method)(address)
        if name.startswith("api:"):
            assert response.status_code == 401, f"{method} {address}"
            assert response.json()["code"] == "not_authenticated"
        elif response.status_code == 302:
            assert response["Location"].startswith("/account/login/"), f"{method} {address}"
        else:
            assert response.status_code in {404, 405}, f"{method} {address} → {response.status_code}"


@pytest.mark.covers("A2")
@pytest.mark.parametrize("name", [name for name in NAMES if policy_of(name) == "public"])
def test_a_public_page_greets_a_guest(db: None, name: str) -> None:
    response = Client().get(_address(name))

    assert response.status_code < 500


@pytest.mark.covers("A2", "A13")
@pytest.mark.parametrize("name", [name for name in NAMES if policy_of(name) == "staff"])
def test_the_administration_is_closed_to_all_but_staff(alice: User, name: str) -> None:
    address = _address(name)
    for client in (Client(), Web(alice)):
        response = client.get(address)
        assert response.status_code in {302, 403, 404}, address
        if response.status_code == 302:
            assert response["Location"].startswith(("/account/login/", "/admin/")), "never a page of its own"


@pytest.mark.parametrize("name", [name for name in NAMES if policy_of(name) == "signed_in"])
def test_nobody_finds_what_does_not_exist_and_nothing_breaks(alice: User, name: str) -> None:
    """Made-up ids and an empty body: refused in every way but by an error of the server."""
    address = _address(name)
    client: Client = Api(alice) if name.startswith("api:") else Web(alice)
    for method in ("get", "post", "put", "patch", "delete"):
        assert getattr(client, method)(address).status_code < 500, f"{method} {address}"


# --- the repository ---


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_place_on_one_machine() -> None:
    place = re.compile(r"(?<![\w.])/(?:home|root|Users)/\w+|(?<![\w.])/work/\w+")
    text = {".py", ".toml", ".md", ".yml", ".in", ".txt", ".html", ".js", ".css", ".po", ""}
    named = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked()
        if path.suffix in text and path != Path(__file__)
        for match in place.finditer(path.read_text(errors="replace"))
    ]

    assert named == []


def test_the_locks_hold_what_is_asked_for_and_agree() -> None:
    run_time, development = _pins("requirements.txt"), _pins("requirements-dev.txt")
    for asked in ("requirements.in", "requirements-dev.in"):
        wanted = {
            re.split(r"[\[~=<>!; ]", line)[0].lower().replace("_", "-").replace(".", "-")
            for line in (ROOT / asked).read_text().splitlines()
            if line and not line.startswith(("#", "-r"))
        }
        held = run_time if asked == "requirements.in" else development
        assert wanted - set(held) == set()

    differing = {name for name, version in run_time.items() if development.get(name) != version}
    assert differing == set()


def _pins(name: str) -> dict[str, str]:
    pins = {}
    for entry in re.split(r"\n(?=[A-Za-z])", (ROOT / name).read_text()):
        if match := re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", entry):
            assert "--hash=sha256:" in entry, f"{match[1]} has no hash"
            pins[match[1].lower().replace("_", "-").replace(".", "-")] = match[2]
    return pins


def test_the_documents_lead_nowhere_wrong() -> None:
    link = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
    missing = [
        f"{path.relative_to(ROOT)} → {target}"
        for path in tracked()
        if path.suffix == ".md"
        for target in link.findall(path.read_text())
        if not (path.parent / target).exists()
    ]

    assert missing == []


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return set()
