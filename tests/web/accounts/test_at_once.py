"""What may be had once is had once, however many ask at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from schemas.actor import Role
from schemas.errors import Refused
from tests.web.accounts.book import Book
from web.accounts.limits import count_attempt
from web.accounts.tokens import NewToken

ASKERS = 4


def test_a_link_signs_in_one_of_many(book: Book) -> None:
    book.add("team", Role.EDITOR)
    secret, barrier = book.link("team"), Barrier(ASKERS)

    def spend(_asker: int) -> str:
        barrier.wait()
        try:
            return book.spend(secret)
        except Refused:
            return "refused"

    with ThreadPoolExecutor(ASKERS) as pool:
        assert sorted(pool.map(spend, range(ASKERS))) == ["refused"] * (ASKERS - 1) + ["team"]


def test_a_device_gets_one_token_however_often_it_asks(book: Book) -> None:
    book.add("team", Role.EDITOR)
    device, barrier = book.begin(), Barrier(ASKERS)
    book.decide("team", device.user_code)

    def poll(_asker: int) -> bool:
        barrier.wait()
        return isinstance(book.poll(device.device_code), NewToken)

    with ThreadPoolExecutor(ASKERS) as pool:
        assert sum(pool.map(poll, range(ASKERS))) == 1


def test_no_attempt_goes_uncounted(book: Book) -> None:
    barrier = Barrier(ASKERS)

    def count(_asker: int) -> int:
        barrier.wait()
        with book.database.write() as session:
            return count_attempt(session, "codes", book.clock(), timedelta(minutes=1))

    with ThreadPoolExecutor(ASKERS) as pool:
        assert sorted(pool.map(count, range(ASKERS))) == list(range(1, ASKERS + 1))
