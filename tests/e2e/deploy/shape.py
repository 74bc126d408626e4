"""Shapes of documents: what a platform's reference page says of a file, as Python values.

A shape is a function: it takes a value and where it stands, and yields a text for each fault. What is not named is a
fault, as it is where the platforms are strict; where they are not, it is a spelling mistake that nobody would see.
"""

import re

import yaml


class Strict(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML without keys that are there twice."""


def _map(loader, node):
    loader.flatten_mapping(node)
    found = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in found:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} is there twice", key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _map)


def read(file):
    """The documents of a file of YAML, or of JSON, which is YAML, too."""
    with open(file, encoding="utf-8") as stream:
        return [document for document in yaml.load_all(stream, Strict) if document is not None]


def text(pattern=".*", most=None):
    def shape(value, where):
        if not isinstance(value, str):
            yield f"{where}: {value!r} is no text"
        elif not re.fullmatch(pattern, value, re.DOTALL):
            yield f"{where}: {value!r} is not of the form {pattern}"
        elif most is not None and len(value) > most:
            yield f"{where}: {value!r} has more than {most} characters"
    return shape


def whole(least=0, most=2**31 - 1):
    def shape(value, where):
        if isinstance(value, bool) or not isinstance(value, int):
            yield f"{where}: {value!r} is no whole number"
        elif not least <= value <= most:
            yield f"{where}: {value} is not between {least} and {most}"
    return shape


def number(least, most):
    def shape(value, where):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
            yield f"{where}: {value!r} is no number between {least} and {most}"
    return shape


def truth(value, where):
    if not isinstance(value, bool):
        yield f"{where}: {value!r} is neither true nor false"


def one_of(*allowed):
    def shape(value, where):
        if type(value) not in {type(one) for one in allowed} or value not in allowed:
            yield f"{where}: {value!r} is none of {allowed}"
    return shape


def either(*shapes):
    def shape(value, where):
        faults = [list(one(value, where)) for one in shapes]
        if all(faults):
            yield from min(faults, key=len)
    return shape


def items(of, least=1, most=1000):
    def shape(value, where):
        if not isinstance(value, list):
            yield f"{where}: {value!r} is no list"
            return
        if not least <= len(value) <= most:
            yield f"{where}: {len(value)} items, not {least} to {most}"
        for number_, item in enumerate(value):
            yield from of(item, f"{where}[{number_}]")
    return shape


def pairs(key, of):
    def shape(value, where):
        if not isinstance(value, dict):
            yield f"{where}: {value!r} is no map"
            return
        for name, item in value.items():
            yield from key(name, f"{where}, key {name!r}")
            yield from of(item, f"{where}.{name}")
    return shape


def fields(required, optional=None, one=()):
    """A map with these keys; of those in `one` there is exactly one."""
    known = {**required, **(optional or {})}

    def shape(value, where):
        if not isinstance(value, dict):
            yield f"{where}: {value!r} is no map"
            return
        for name in required:
            if name not in value:
                yield f"{where}: {name} is missing"
        if one and sum(name in value for name in one) != 1:
            yield f"{where}: exactly one of {', '.join(one)} must be there"
        for name, item in value.items():
            if name in known:
                yield from known[name](item, f"{where}.{name}")
            else:
                yield f"{where}: unknown key {name!r}"
    return shape
