"""What happens when the machine lacks something: the test is skipped by name, or fails where it is required."""

import os
from enum import StrEnum
from typing import NoReturn

import pytest


class Need(StrEnum):
    """Something a test may need; the value is the variable that makes its absence a failure."""

    DATA = "GAZETTE_REQUIRE_DATA"
    BROWSER = "GAZETTE_REQUIRE_BROWSER"
    POSTGRES = "GAZETTE_REQUIRE_POSTGRES"
    OPENSEARCH = "GAZETTE_REQUIRE_OPENSEARCH"
    GO = "GAZETTE_REQUIRE_GO"
    VALIDATORS = "GAZETTE_REQUIRE_VALIDATORS"


def lacking(need: Need, reason: str) -> NoReturn:
    """Skip the test for this reason, or fail it where the variable of `need` is 1."""
    if os.environ.get(need) == "1":
        pytest.fail(f"{reason} ({need}=1 makes this a failure)", pytrace=False)
    pytest.skip(reason)
