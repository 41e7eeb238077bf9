"""No float comes near money: read from the source itself."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import wallet

SOURCES = sorted(Path(wallet.__file__).parent.rglob("*.py"))


def floats_in(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            found.append(f"{node.lineno}: {node.value}")
        elif (
            isinstance(node, ast.Name | ast.Attribute)
            and getattr(node, "id", getattr(node, "attr", ""))
            in {
                "float",
                "FloatField",
                "round",
            }
        ) or (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div) and not is_path(node)):
            found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


def is_path(node: ast.BinOp | ast.AugAssign) -> bool:
    return "__file__" in ast.unparse(node) or "_SQL" in ast.unparse(node)


@pytest.mark.covers("G9")
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_floats(path: Path) -> None:
    assert floats_in(path.read_text(encoding="utf-8")) == []


def test_the_reader_would_notice() -> None:
    assert len(floats_in("a = 1.5\nb = float(c)\nd = e / f\ng /= 2\nh = models.FloatField()\ni = round(j)")) == 6
