"""Turns what identifies a row in billing's files (ИНН, account, receipt, meter) into our ids, a portion at a time."""

from collections.abc import Sequence
from typing import Any

from lk_reflex.exchange.layout import Reference
from lk_reflex.exchange.store import Store


def resolve(store: Store, reference: Reference, columns: Sequence[Sequence[Any]]) -> list[int | None]:
    """The id for each row of `columns` (those of `reference.headers`); None where nothing is found.

    Each different key is asked for once a portion; nothing is remembered between portions.
    """
    keys = list(zip(*columns, strict=True))
    different = list(dict.fromkeys(keys))
    asked = _with_parents(store, reference, different)
    known = [index for index, key in enumerate(asked) if key[0] is not None]
    found: dict[Any, int | None] = dict.fromkeys(different)
    ids = store.find(reference.table, reference.keys, [asked[index] for index in known])
    for index, row_id in zip(known, ids, strict=True):
        found[different[index]] = row_id
    return list(map(found.__getitem__, keys))


def _with_parents(store: Store, reference: Reference, keys: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    parent = reference.parent
    if parent is None or not keys:
        return keys
    width = len(parent.headers)
    ids = resolve(store, parent, list(zip(*keys, strict=True))[:width])
    return [(row_id, *key[width:]) for row_id, key in zip(ids, keys, strict=True)]


def explain(store: Store, reference: Reference, keys: Sequence[tuple[Any, ...]]) -> list[tuple[str, str]]:
    """Why keys found nothing: for each the column and the sentence of the first level that is missing."""
    answers = [(reference.headers[-1], reference.missing)] * len(keys)
    parent = reference.parent
    if parent is None or not keys:
        return answers
    upper = [key[: len(parent.headers)] for key in keys]
    ids = resolve(store, parent, list(zip(*upper, strict=True)))
    lost = [index for index, row_id in enumerate(ids) if row_id is None]
    for index, answer in zip(lost, explain(store, parent, [upper[index] for index in lost]), strict=True):
        answers[index] = answer
    return answers
