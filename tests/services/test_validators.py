"""The environment of the official validators: without it tests say so by name, and what fails there is told."""

import pytest

from tests.services.need import Need
from tests.services.validators import PYTHON, asked, validators_python


@pytest.mark.parametrize(("value", "said"), [("", "is not set"), ("/nowhere/python", "names no program")])
def test_without_validators_a_test_is_skipped_by_name(monkeypatch: pytest.MonkeyPatch, value: str, said: str) -> None:
    monkeypatch.setenv(PYTHON, value)
    monkeypatch.delenv(Need.VALIDATORS, raising=False)
    with pytest.raises(pytest.skip.Exception, match=said):
        validators_python()


def test_a_script_that_fails_is_an_error_of_the_test() -> None:
    with pytest.raises(RuntimeError, match="KeyError"):
        asked("json_schema.py", {"no": "question"})
