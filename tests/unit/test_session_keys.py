"""Each key of the session belongs to one module: the others ask it."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = [ROOT / "streamlit_app.py", *sorted((ROOT / "pages").rglob("*.py"))]


def session_keys(tree: ast.Module) -> Iterator[str]:
    """The literals by which a module reaches into the session: of widgets, and of what it keeps there itself."""
    for node in ast.walk(tree):
        keys: list[ast.expr] = []
        match node:
            case ast.Subscript(value=ast.Attribute(attr="session_state"), slice=key):
                keys = [key]
            case ast.Compare(left=key, comparators=[ast.Attribute(attr="session_state")]):
                keys = [key]
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="session_state"), attr="update")):
                yield from (keyword.arg for keyword in node.keywords if keyword.arg)
                keys = [key for each in node.args if isinstance(each, ast.Dict) for key in each.keys if key]
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="session_state")), args=[key, *_]):
                keys = [key]
            case ast.Call():
                keys = [keyword.value for keyword in node.keywords if keyword.arg == "key"]
        yield from (key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


def test_each_session_key_is_written_in_one_module() -> None:
    modules: dict[str, set[str]] = defaultdict(set)
    for path in MODULES:
        for key in session_keys(ast.parse(path.read_text(encoding="utf-8"))):
            modules[key].add(str(path.relative_to(ROOT)))
    assert len(modules) > 50
    assert {key: names for key, names in modules.items() if len(names) > 1} == {}
