"""Reads the topology. Every problem is collected, then one `EstateError` lists them all."""

import difflib
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from airlock.domain.errors import EstateError
from airlock.estate.checks import CHECKS
from airlock.estate.models import Estate
from airlock.estate.problems import Problem, refusal


def load(path: Path | str) -> Estate:
    """The topology of that file, or an `EstateError` with the whole report."""
    path = Path(path)
    raw, problems = _read(path)
    estate, field_problems = _validate(raw)
    problems += field_problems
    for check in CHECKS:
        problems += check(raw)
    if problems or estate is None:
        raise refusal(f"The topology {path}", problems)
    return estate


def _read(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    """The document, and the keys that it says twice."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as problem:
        message = (
            f"There is no topology file {path}. Name the right one with --estate, or copy estates/ from the project."
        )
        raise EstateError(message) from problem
    except (OSError, UnicodeDecodeError) as problem:
        message = (
            f"The topology file {path} cannot be read: {problem}. Check its permissions and that it is UTF-8 text."
        )
        raise EstateError(message) from problem
    loader = _Loader(text)
    try:
        raw = loader.get_single_data()
    except yaml.YAMLError as problem:
        place = getattr(problem, "problem_mark", None)
        where = f" in line {place.line + 1}, column {place.column + 1}" if place else ""
        reason = getattr(problem, "problem", None) or problem
        message = (
            f"The topology {path} is not YAML{where}: {reason}. Nothing was touched. Correct that line and check again."
        )
        raise EstateError(message) from problem
    finally:
        loader.dispose()
    if not isinstance(raw, dict):
        message = f"The topology {path} is empty or no mapping. Start from estate.yaml of the project."
        raise EstateError(message)
    return raw, loader.twice


class _Loader(yaml.SafeLoader):
    """YAML takes the last of two equal keys without a word; this one remembers them."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.twice: list[Problem] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = str(key_node.value)
            if key in seen:
                place = f"{key} (line {key_node.start_mark.line + 1})"
                self.twice.append(Problem(place, "this key stands twice; the first is lost", "keep one of them"))
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def _validate(raw: dict[str, Any]) -> tuple[Estate | None, list[Problem]]:
    try:
        return Estate.model_validate(raw), []
    except ValidationError as error:
        return None, [_translate(detail) for detail in error.errors(include_url=False)]


def _translate(detail: ErrorDetails) -> Problem:
    """A pydantic error as key, problem and fix."""
    place = [part for part in detail["loc"] if part != "[key]"]
    key = _spell(place)
    fix = _description(place) or "see estate.schema.json"
    match detail["type"]:
        case "extra_forbidden":
            return Problem(key, "this key is not known", _suggestion(place))
        case "missing":
            return Problem(key, "this key is missing", f"add it: {fix}")
        case "string_type":
            quoted = f"is {detail['input']!r}, not text"
            return Problem(key, quoted, f"{fix}; write it in quotes")
        case "string_pattern_mismatch":
            return Problem(key, f"`{detail['input']}` does not have the right form", fix)
        case _:
            # "Input should be a valid integer" reads well behind the value.
            return Problem(key, f"{detail['input']!r}: {detail['msg'][0].lower()}{detail['msg'][1:]}", fix)


def _spell(place: list[int | str]) -> str:
    spelt = ""
    for part in place:
        spelt += f"[{part}]" if isinstance(part, int) else f".{part}" if spelt else str(part)
    return spelt


def _fields_at(place: list[int | str]) -> tuple[type[BaseModel] | None, str]:
    """The model that holds the last part of a place, and the description of that part."""
    current: Any = Estate
    description = ""
    for part in place:
        model = _model_in(current)
        if isinstance(current, type) and issubclass(current, BaseModel):
            field = current.model_fields.get(str(part))
            if field is None:
                return current, ""
            current, description = field.annotation, field.description or ""
        else:
            current = model if model is not None else current
    return _model_in(current), description


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside `list[M]`, `dict[str, M]` or `M | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        model = _model_in(argument)
        if model is not None:
            return model
    return None


def _description(place: list[int | str]) -> str:
    return _fields_at(place)[1]


def _suggestion(place: list[int | str]) -> str:
    parent = _fields_at(place[:-1])[0] or Estate
    near = difflib.get_close_matches(str(place[-1]), list(parent.model_fields), n=1)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"remove it; known here: {', '.join(parent.model_fields)}"
