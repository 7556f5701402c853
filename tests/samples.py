"""The sample agreements, for tests that only want many real ones: their files are read once in a process."""

from copy import deepcopy
from functools import cache

from register import samples
from register.samples import SampleAgreement


def sample_agreements() -> list[SampleAgreement]:
    """What `register.samples.sample_agreements` gives; whoever asked may change it."""
    return deepcopy(_read())


@cache
def _read() -> list[SampleAgreement]:
    return samples.sample_agreements()
