"""The rules of the house, each a function from one source file to what it finds wrong there."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TypeGuard

FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
MODULE_LINES, SCREEN_LINES, FUNCTION_LINES, TEST_LINES, PARAMETERS = 300, 150, 40, 25, 6
KEEPERS_OF_SQL = (
    "crm_data/db.py",
    "crm_data/schema.py",
    "crm_data/mirror.py",
    "crm_data/mirror",
    "crm_data/migrations",
)
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "misc"}
SQL_WORDS = {"select", "insert", "update", "delete", "text", "func", "Table"}
OPEN_TASK = re.compile(r"#.*\b(?:T[O]DO|FIX[M]E)\b(?!\s*\(#\d+\))")


@dataclass(frozen=True)
class Source:
    """One Python file: where it lies and what it says."""

    path: PurePosixPath
    text: str

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def inside(self, *folders: str) -> bool:
        """Whether it is one of these files or lies in one of these folders."""
        return any(self.path == PurePosixPath(folder) or self.path.is_relative_to(folder) for folder in folders)

    @property
    def is_screen(self) -> bool:
        return self.inside("pages") and len(self.path.parts) > 2 and not self.inside("pages/ui")

    @property
    def is_script(self) -> bool:
        """Whether it does something when run, as a screen does and an empty package file does not."""
        return self.path.name != "__init__.py"

    @property
    def is_ours(self) -> bool:
        """Whether it is part of the app, rather than of its tests and tools."""
        return self.inside("crm_data", "pages", "app.py")

    def functions(self) -> Iterator[FUNCTION]:
        return (node for node in self.nodes if isinstance(node, FUNCTION))

    def imports(self) -> Iterator[tuple[int, str]]:
        """Every imported name in full, with its line."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)

    def calls(self, method: str) -> Iterator[int]:
        """The lines on which a method of this name is called."""
        for node in self.nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method:
                yield node.lineno


Rule = Callable[[Source], Iterator[str]]


def modules_are_short(source: Source) -> Iterator[str]:
    limit = SCREEN_LINES if source.is_screen else MODULE_LINES
    lines = source.text.count("\n")
    if lines > limit:
        yield f"has {lines} lines, {limit} are allowed"


def functions_are_short(source: Source) -> Iterator[str]:
    in_tests = source.inside("tests")
    for node in source.functions():
        limit = TEST_LINES if in_tests and node.name.startswith("test") else FUNCTION_LINES
        lines = (node.end_lineno or 0) - node.lineno + 1
        if lines > limit:
            yield f"line {node.lineno}: {node.name} has {lines} lines, {limit} are allowed"


def functions_take_few_parameters(source: Source) -> Iterator[str]:
    for node in source.functions():
        arguments = node.args
        names = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        count = len([name for name in names if name not in {"self", "cls"}])
        if count > PARAMETERS and not source.inside("tests"):
            yield f"line {node.lineno}: {node.name} takes {count} parameters, {PARAMETERS} are allowed"


def pages_hold_no_script_at_their_top(source: Source) -> Iterator[str]:
    if source.path.parent == PurePosixPath("pages"):
        yield "can be opened by a deep link without signing in; move it into a section"


def screens_begin_with_the_guard(source: Source) -> Iterator[str]:
    if not source.is_screen or not source.is_script or source.inside("pages/public"):
        return
    if "pages.ui.guard.guard" not in {name for _, name in source.imports()}:
        yield "does not import the guard: from pages.ui.guard import guard"
    elif not _is_guard(_first_act(source.tree)):
        yield 'does not begin with the guard: actor = guard("<module>", …)'


def screens_import_no_screen(source: Source) -> Iterator[str]:
    if not source.is_screen:
        return
    for line, name in source.imports():
        if name.startswith("pages.") and not name.startswith("pages.ui."):
            yield f"line {line}: imports {name}; what two screens share goes to pages/ui"


def errors_are_named(source: Source) -> Iterator[str]:
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler) and _catches_all(node.type):
            yield f"line {node.lineno}: name the errors that are expected here"


def styles_come_from_the_theme(source: Source) -> Iterator[str]:
    for node in source.nodes:
        if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html":
            yield f"line {node.lineno}: unsafe_allow_html"


def frames_stay_polars(source: Source) -> Iterator[str]:
    if source.is_ours:
        yield from (f"line {line}: to_pandas()" for line in source.calls("to_pandas"))


def charts_use_graph_objects(source: Source) -> Iterator[str]:
    for line, name in source.imports():
        if name.startswith("plotly.express"):
            yield f"line {line}: Plotly Express costs 20 ms a figure"


def services_leave_the_commit_to_the_door(source: Source) -> Iterator[str]:
    if source.inside("crm_data/services"):
        yield from (f"line {line}: commit() belongs to the one door" for line in source.calls("commit"))


def written_sql_stays_near_the_database(source: Source) -> Iterator[str]:
    if not source.is_ours or source.inside(*KEEPERS_OF_SQL):
        return
    for line, name in source.imports():
        if name.startswith("sqlalchemy") and name.endswith(".text"):
            yield f"line {line}: imports sqlalchemy.text"
    yield from (f"line {line}: exec_driver_sql()" for line in source.calls("exec_driver_sql"))
    yield from (f"line {node.lineno}: sqlalchemy.text" for node in source.nodes if _is_sqlalchemy_text(node))


def pages_write_no_queries(source: Source) -> Iterator[str]:
    if not source.inside("pages", "app.py"):
        return
    for line, name in source.imports():
        parts = name.split(".")
        if parts[0] == "sqlalchemy" and parts[-1] in SQL_WORDS:
            yield f"line {line}: {name}; ask a function of crm_data.queries"
        if name.startswith("crm_data.models.") and not parts[-1][0].isupper():
            yield f"line {line}: {name}; screens name records, not tables"


def names_say_what_is_inside(source: Source) -> Iterator[str]:
    for part in (*source.path.parent.parts, source.path.stem):
        if part in VAGUE_NAMES:
            yield f"“{part}” says nothing about what is inside"


def modules_explain_themselves(source: Source) -> Iterator[str]:
    public = not source.path.name.startswith("_") or source.path.name == "__init__.py"
    empty = not source.text.strip()
    if source.is_ours and public and not empty and not ast.get_docstring(source.tree):
        yield "begins without a sentence that says what it is for"


def open_tasks_name_their_issue(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.text.splitlines(), start=1):
        if OPEN_TASK.search(line):
            yield f"line {number}: an open task without its issue, as in (#12)"


def _first_act(tree: ast.Module) -> ast.stmt | None:
    def is_act(node: ast.stmt) -> bool:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        return not docstring and not isinstance(node, ast.Import | ast.ImportFrom)

    return next(filter(is_act, tree.body), None)


def _is_guard(node: ast.stmt | None) -> bool:
    call = node.value if isinstance(node, ast.Assign | ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or not call.args:
        return False
    module = call.args[0]
    return call.func.id == "guard" and isinstance(module, ast.Constant | ast.Attribute)


def _catches_all(kind: ast.expr | None) -> bool:
    if kind is None:
        return True
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(isinstance(each, ast.Name) and each.id in {"Exception", "BaseException"} for each in kinds)


def _is_sqlalchemy_text(node: ast.AST) -> TypeGuard[ast.Attribute]:
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
        return False
    return node.attr == "text" and node.value.id in {"sa", "sqlalchemy"}
