"""The faults: what may be changed in a module, each as one replacement of a piece of its text.

A fault is what a tired programmer writes: a limit moved by one, a sign turned, a condition lost, a statement forgotten, a
sum that became a maximum; in Python as in the SQL of its strings. Docstrings, messages and annotations are left alone.
"""

import ast
import re
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.FloorDiv: "*", ast.Mod: "*",
}  # fmt: skip
FUNCTIONS = {"sum": "max", "min": "max", "max": "min", "any": "all", "all": "any"}
IS_SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE)\b")
SQL_FAULTS = [
    (re.compile(r"(?<=[\s\w)])<=(?=[\s\w(%])"), "<"),
    (re.compile(r"(?<=[\s\w)])>=(?=[\s\w(%])"), ">"),
    (re.compile(r"(?<=\s)<>(?=\s)"), "="),
    (re.compile(r"(?<=\s)<(?=\s)"), "<="),
    (re.compile(r"(?<=\s)>(?=\s)"), ">="),
    (re.compile(r"\bAND\b"), "OR"),
    (re.compile(r"\bsum\("), "max("),
    (re.compile(r"\bmin\("), "max("),
    (re.compile(r"\bmax\("), "min("),
    (re.compile(r"\bIS NOT NULL\b"), "IS NULL"),
    (re.compile(r"\bIS NULL\b"), "IS NOT NULL"),
    (re.compile(r"(?<=\s)\+(?=\s)"), "-"),
    (re.compile(r"(?<=\s)-(?=\s)"), "+"),
]


@dataclass(frozen=True)
class Mutation:
    """The text from `start` to `end` (characters of the module) becomes `replacement`; `line` is where it begins."""

    line: int
    start: int
    end: int
    original: str
    replacement: str

    def apply_to(self, source: str) -> str:
        """The module with the fault in it."""
        return source[: self.start] + self.replacement + source[self.end :]

    def __str__(self) -> str:
        return f"{self.line}: {_one_line(self.original)} → {_one_line(self.replacement)}"


def find_mutations(source: str) -> list[Mutation]:
    """Every fault that the module can have, in the order of its text; each leaves it Python."""
    finder = _MutationFinder(source)
    finder.visit(ast.parse(source))
    return sorted(
        (mutation for mutation in finder.mutations if _is_python(mutation.apply_to(source))),
        key=lambda mutation: (mutation.start, mutation.end, mutation.replacement),
    )


class _MutationFinder(ast.NodeVisitor):
    """Collects faults on a walk through the syntax tree."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.line_starts = [0]
        for line in source.splitlines(keepends=True):
            self.line_starts.append(self.line_starts[-1] + len(line))
        self.lines = source.splitlines(keepends=True)
        self.mutations: list[Mutation] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for default in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
            self.visit(default)
        self._visit_body(node.body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._visit_body(node.body)

    def visit_Module(self, node: ast.Module) -> None:
        self._visit_body(node.body)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_Raise(self, node: ast.Raise) -> None:
        self._replace(node, "pass")

    def visit_Import(self, node: ast.Import) -> None:
        """Nothing to change."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Nothing to change."""

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self._replace(node, "pass")
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._replace(node, "pass")
        self.visit(node.value)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value and not isinstance(node.value, ast.Constant):
            self._replace(node.value, "None")
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        self._replace(node.test, f"not ({self._text(node.test)})")
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._replace(node.test, f"not ({self._text(node.test)})")
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, (ast.Not, ast.USub)):
            self._replace(node, self._text(node.operand))
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
            self._replace_between(left, right, COMPARISONS[type(operator)])
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        word = "or" if isinstance(node.op, ast.And) else "and"
        for left, right in zip(node.values, node.values[1:], strict=False):
            self._replace_between(left, right, word)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        is_text = isinstance(node.left, (ast.Constant, ast.JoinedStr)) and isinstance(node.op, (ast.Mod, ast.Add))
        if not is_text and type(node.op) in OPERATORS:
            self._replace_between(node.left, node.right, OPERATORS[type(node.op)])
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name):
            if node.func.id in ("_", "gettext", "ngettext"):
                return
            if node.func.id in FUNCTIONS:
                self._replace(node.func, FUNCTIONS[node.func.id])
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if node.value is True or node.value is False:
            self._replace(node, str(not node.value))
        elif type(node.value) is int:
            self._replace(node, str(node.value + 1))
        elif isinstance(node.value, str) and IS_SQL.search(node.value):
            self._find_sql_faults(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        if IS_SQL.search(self._text(node)):
            self._find_sql_faults(node)

    def _visit_body(self, body: list[ast.stmt]) -> None:
        for statement in body:
            is_words = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if not is_words:
                self.visit(statement)

    def _find_sql_faults(self, node: ast.expr) -> None:
        start, end = self._span(node)
        text = self.source[start:end]
        for pattern, replacement in SQL_FAULTS:
            for match in pattern.finditer(text):
                if not text[: match.start()].rpartition("\n")[2].lstrip().startswith("--"):
                    self._add(start + match.start(), start + match.end(), replacement)

    def _replace(self, node: ast.AST, replacement: str) -> None:
        self._add(*self._span(node), replacement)

    def _replace_between(self, left: ast.expr, right: ast.expr, word: str) -> None:
        """Change the operator between two operands, whatever brackets and blanks stand beside it."""
        start, end = self._span(left)[1], self._span(right)[0]
        between = self.source[start:end]
        if match := re.search(r"[^\s()]+(\s+[^\s()]+)*", between):
            self._add(start + match.start(), start + match.end(), word)

    def _add(self, start: int, end: int, replacement: str) -> None:
        original = self.source[start:end]
        if original != replacement:
            line = self.source.count("\n", 0, start) + 1
            self.mutations.append(Mutation(line, start, end, original, replacement))

    def _text(self, node: ast.expr) -> str:
        start, end = self._span(node)
        return self.source[start:end]

    def _span(self, node: ast.AST) -> tuple[int, int]:
        """Where the node stands, in characters; the tree counts bytes."""
        place: ast.expr = node  # type: ignore[assignment]
        assert place.end_lineno is not None
        assert place.end_col_offset is not None
        return self._offset(place.lineno, place.col_offset), self._offset(place.end_lineno, place.end_col_offset)

    def _offset(self, line: int, column: int) -> int:
        return self.line_starts[line - 1] + len(self.lines[line - 1].encode()[:column].decode())


def _is_python(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _one_line(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else f"{words[:57]}…"
