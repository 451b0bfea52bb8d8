"""The models' own SQL without dbt: rendered once, so that a test can try many histories in one DuckDB in memory."""

from functools import cache
from typing import Any

import jinja2

from dbt_project.layout import PROJECT_DIR


class _Renderer:
    """Only what hand-written models ask of dbt: where a table is, and the project's own macros."""

    def __init__(self) -> None:
        self.environment = environment = jinja2.Environment(extensions=["jinja2.ext.do"], autoescape=False)
        environment.globals.update(ref=lambda name: name, source="{}.{}".format, config=self._config, var=self._var)
        environment.globals.update({"return": lambda value: value, "adapter": self})
        texts = (path.read_text(encoding="utf-8") for path in sorted((PROJECT_DIR / "macros").glob("*.sql")))
        # In one module, in which any of them may call any other.
        module = environment.from_string(
            "".join(text for text in texts if "{% test" not in text and "materialization" not in text)
        ).module
        environment.globals.update({name: value for name, value in vars(module).items() if callable(value)})

    def _config(self, **settings: object) -> str:
        return ""

    def _var(self, name: str, default: object = None) -> object:
        return default

    def dispatch(self, name: str) -> Any:
        """As dbt's adapter has it: what a macro is on DuckDB."""
        return self.environment.globals[f"default__{name}"]

    def render(self, text: str) -> str:
        return self.environment.from_string(text).render()


@cache
def _renderer() -> _Renderer:
    return _Renderer()


@cache
def model_sql(name: str) -> str:
    """The statement of one model; other models are named as they are called."""
    (path,) = (PROJECT_DIR / "models").rglob(f"{name}.sql")
    return rendered(path.read_text(encoding="utf-8"))


def rendered(text: str) -> str:
    """A text with the project's macros worked out."""
    return _renderer().render(text)


def statement(name: str) -> str:
    """Makes a model a table."""
    return f"create or replace table {name} as {model_sql(name)}"
