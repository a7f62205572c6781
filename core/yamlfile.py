"""YAML configuration read strictly: every complaint names file, line and key."""

import difflib
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, SecretStr, ValidationError

Model = TypeVar("Model", bound=BaseModel)
Lines = dict[tuple[Any, ...], int]


class ConfigError(Exception):
    """What is wrong with the configuration, one `file:line: complaint` a line."""

    def __init__(self, complaints: Iterable[str]) -> None:
        self.complaints = list(complaints)
        super().__init__("\n".join(self.complaints))


def load_yaml(path: Path) -> tuple[Any, Lines]:
    """The plain data of one YAML file, and the line (from 1) of every key and item by its path.

    Raises ConfigError for unreadable files, broken YAML and keys given twice.
    """
    lines: Lines = {}
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        plain = {} if node is None else _plain(path, node, (), lines, yaml.constructor.SafeConstructor())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: cannot be read: {error}"]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ConfigError([f"{path}:{line}: not valid YAML: {error.problem or error.context}"]) from None
    except yaml.YAMLError as error:
        raise ConfigError([f"{path}: not valid YAML: {str(error).strip()}"]) from None
    except RecursionError:
        raise ConfigError([f"{path}: not usable: it is nested too deeply, or contains itself"]) from None
    return plain, lines


def _plain(
    path: Path, node: yaml.Node, at: tuple[Any, ...], lines: Lines, construct: yaml.constructor.SafeConstructor
) -> Any:
    match node:
        case yaml.MappingNode():
            mapping: dict[Hashable, Any] = {}
            for key_node, value_node in node.value:
                key, line = construct.construct_object(key_node), key_node.start_mark.line + 1
                if not isinstance(key, Hashable) or key in mapping:
                    raise ConfigError([f"{path}:{line}: the key {key!r} is given twice or is not a plain name"])
                lines[(*at, key)] = line
                mapping[key] = _plain(path, value_node, (*at, key), lines, construct)
            return mapping
        case yaml.SequenceNode():
            items = []
            for index, item in enumerate(node.value):
                lines[(*at, index)] = item.start_mark.line + 1
                items.append(_plain(path, item, (*at, index), lines, construct))
            return items
        case _:
            return construct.construct_object(node)


def load_model(path: Path, model: type[Model]) -> Model:
    """One YAML file as a validated model.

    Raises ConfigError naming file, line and key of everything that does not fit.
    """
    data, lines = load_yaml(path)
    return validate(path, data, lines, model)


def validate(path: Path, data: Any, lines: Lines, model: type[Model], at: tuple[Any, ...] = ()) -> Model:
    """`data`, found at `at` in the file, as a validated model; ConfigError as in `load_model`."""
    if not isinstance(data, dict):
        raise ConfigError([f"{path}:{lines.get(at, 1)}: expected `key: value` lines, found {type(data).__name__}"])
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise ConfigError([_complaint(path, lines, model, at, item) for item in error.errors()]) from None


def _complaint(path: Path, lines: Lines, model: type[BaseModel], at: tuple[Any, ...], error: Any) -> str:
    location = tuple(error["loc"])
    where = (*at, *location)
    while where not in lines and len(where) > len(at):
        where = where[:-1]
    key = ".".join(str(part) for part in location)
    line = lines.get(where, 1)
    match error["type"]:
        case "extra_forbidden":
            known = [field.alias or name for name, field in model.model_fields.items()]
            close = difflib.get_close_matches(str(location[-1]), known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"known keys: {', '.join(known)}"
            return f"{path}:{line}: {key}: unknown key ({hint})"
        case "missing":
            return f"{path}:{line}: {key}: required, but not given"
        case _:
            message = error["msg"].removeprefix("Value error, ")
            field = model.model_fields.get(str(location[0])) if location else None
            secret = field is not None and _is_secret(field.annotation)
            found = "" if secret else f" (found {error['input']!r})"
            return f"{path}:{line}: {key}: {message}{found}"


def _is_secret(annotation: Any) -> bool:
    return annotation is SecretStr or any(map(_is_secret, get_args(annotation)))
