"""The secrets: long enough, in letters that survive where they go, and codes that people can type."""

import itertools
import re

import pytest

from schemas.clock import Randomness
from tests.fakes import SeededRandomness
from web.accounts.codes import (
    USER_CODE_LETTERS,
    hashed,
    is_token,
    new_secret,
    new_token,
    new_user_code,
    plain_user_code,
)


def test_a_token_has_160_bits_behind_a_prefix_that_scanners_know() -> None:
    asked: list[int] = []

    def randomness(count: int) -> bytes:
        asked.append(count)
        return bytes(range(count))

    token = new_token(randomness)
    assert sum(asked) * 8 >= 160
    assert re.fullmatch(r"dgz_[a-z2-7]{32}", token)
    assert is_token(token)


def test_every_bit_of_chance_reaches_the_secret() -> None:
    for make, size in ((new_token, 20), (new_secret, 32)):
        made = {make(_one_byte_set(at)) for at in range(size)}
        assert len(made) == size


def _one_byte_set(at: int) -> Randomness:
    return lambda count: bytes(1 if position == at else 0 for position in range(count))


@pytest.mark.parametrize("text", ["", "dgz_", "dgz_" + "a" * 31, "dgz_" + "a" * 33, "dgz_" + "A" * 32, "x" * 36])
def test_what_is_no_token_of_ours(text: str) -> None:
    assert not is_token(text)


def test_a_code_has_no_vowels_and_no_letter_is_likelier() -> None:
    every_byte = itertools.cycle(range(256))
    letters = "".join(
        plain_user_code(new_user_code(lambda count: bytes(itertools.islice(every_byte, count)))) for _ in range(2_000)
    )
    assert set(letters) == set(USER_CODE_LETTERS)
    assert not set("AEIOUY") & set(letters)
    counts = [letters.count(letter) for letter in USER_CODE_LETTERS]
    assert max(counts) - min(counts) <= len(letters) * 0.01


@pytest.mark.parametrize("typed", ["BCDF-GHJK", "bcdfghjk", " bcdf ghjk ", "BCDF–GHJK", "b c d f - g h j k"])
def test_case_hyphen_and_blanks_do_not_count(typed: str) -> None:
    assert plain_user_code(typed) == "BCDFGHJK"


def test_a_code_with_more_behind_it_is_another_code() -> None:
    assert plain_user_code("BCDF-GHJKL") != plain_user_code("BCDF-GHJK")


def test_only_a_hash_is_stored_and_it_tells_secrets_apart() -> None:
    randomness = SeededRandomness()
    first, second = new_secret(randomness), new_secret(randomness)
    assert hashed(first) != hashed(second)
    assert first not in hashed(first)
    assert len(hashed("\ud800")) == 64
