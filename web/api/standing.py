"""What of a record's mistakes the description of the API tells, and what the register alone.

A record that is not of the shape that the description gives it is 422 (RFC 9110, 15.5.21): a program can see that
before it sends it, and is to be mended. One that has the shape, and cannot stand beside what else it says, what the
register knows and what day it is, is 409 (15.5.10): the official who wrote it is to be told. Both list each problem.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from jsonschema import Draft202012Validator, FormatChecker

from schemas.canonical import Json
from schemas.dates import is_date
from schemas.errors import InvalidRecord
from web.api.openapi_records import record_shapes
from web.api.problems import CannotStand
from web.api.requests import as_sent


@contextmanager
def told_apart(shape: Callable[[], Json]) -> Iterator[None]:
    """Do what raises InvalidRecord for what was sent; `shape` is one of the bodies of `openapi_records`.

    Raises CannotStand in its place where what was sent has that shape, as it was before invisible characters were
    taken out of it: a program that holds it against the description does not take them out.
    """
    try:
        yield
    except InvalidRecord as error:
        if not _validator(shape).is_valid(as_sent()):
            raise
        raise CannotStand(error.message, error.problems, error.advice) from None


@cache
def _validator(shape: Callable[[], Json]) -> Draft202012Validator:
    described = {"components": {"schemas": record_shapes()}, **shape()}
    return Draft202012Validator(described, format_checker=_formats)


_formats = FormatChecker(formats=())


@_formats.checks("date")
@_formats.checks("date-time")
def _date(value: object) -> bool:
    """By its day: that a moment lies outside the calendar elsewhere, or in a leap second, no description says."""
    return not isinstance(value, str) or is_date(value[:_DAY])


_DAY = len("2026-03-02")
