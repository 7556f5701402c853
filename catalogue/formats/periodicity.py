"""How often data is updated: our codes, and the ways in which sources write them.

DCAT-US 1.1 writes ISO 8601 repeating intervals (its table "Accrual Periodicity"), DCAT-AP the EU's frequency list,
CKAN portals either of them or plain words.
"""

import re
from functools import cache

from schemas.codelists import codelist

_INTERVALS = {
    "continuous": "R/PT1S",
    "hourly": "R/PT1H",
    "twice-daily": "R/PT12H",
    "daily": "R/P1D",
    "three-times-a-week": "R/P0.33W",
    "twice-weekly": "R/P3.5D",
    "weekly": "R/P1W",
    "three-times-a-month": "R/P0.33M",
    "twice-monthly": "R/P0.5M",
    "fortnightly": "R/P2W",
    "monthly": "R/P1M",
    "every-two-months": "R/P2M",
    "quarterly": "R/P3M",
    "three-times-a-year": "R/P4M",
    "twice-yearly": "R/P6M",
    "annual": "R/P1Y",
    "every-two-years": "R/P2Y",
    "every-three-years": "R/P3Y",
    "every-four-years": "R/P4Y",
    "every-five-years": "R/P5Y",
    "every-ten-years": "R/P10Y",
    "irregular": "irregular",
}
_SAME_INTERVAL = {"R/P7D": "weekly", "R/P14D": "fortnightly", "R/P12M": "annual", "R/P24H": "daily", "R/PT24H": "daily"}
_WORDS = {
    "continuously updated": "continuous",
    "continual": "continuous",
    "real time": "continuous",
    "real-time": "continuous",
    "biweekly": "fortnightly",
    "every fortnight": "fortnightly",
    "every quarter": "quarterly",
    "annually": "annual",
    "yearly": "annual",
    "every year": "annual",
    "semiannual": "twice-yearly",
    "biannually": "twice-yearly",
    "biennial": "every-two-years",
    "triennial": "every-three-years",
    "as needed": "as-needed",
    "asneeded": "as-needed",
    "not planned": "never",
    "notplanned": "never",
    "not updated": "never",
    "discontinued": "never",
    "irregular": "irregular",
}
_DUBLIN_CORE = {
    "continuous": "continuous",
    "daily": "daily",
    "threeTimesAWeek": "three-times-a-week",
    "semiweekly": "twice-weekly",
    "weekly": "weekly",
    "threeTimesAMonth": "three-times-a-month",
    "biweekly": "fortnightly",
    "semimonthly": "twice-monthly",
    "monthly": "monthly",
    "bimonthly": "every-two-months",
    "quarterly": "quarterly",
    "threeTimesAYear": "three-times-a-year",
    "semiannual": "twice-yearly",
    "annual": "annual",
    "biennial": "every-two-years",
    "triennial": "every-three-years",
    "irregular": "irregular",
}
_SDMX = {"A": "annual", "S": "twice-yearly", "Q": "quarterly", "M": "monthly", "W": "weekly", "D": "daily"}
"""The codes of statistics (SDMX, `code#freq-A`)."""

_OF_ISO_19115 = re.compile(r"MaintenanceFrequency", re.IGNORECASE)
_INTERVAL = re.compile(r"(?:R\d*/(?:[^/]+/)?)?P(?=[\dT])[\d.YMWDTHS]+")


def is_interval(text: str) -> bool:
    """Whether a text is an ISO 8601 repeating interval (`R/P1D`) or a duration (`P1D`), known to us or not."""
    return _INTERVAL.fullmatch(text) is not None


def periodicity_code(text: str) -> str | None:
    """The code that an interval, an address of the EU's list or a plain word means; None where that is not certain."""
    text = text.strip()
    if is_interval(text):
        return _by_interval().get(f"R/{text.rpartition('/')[2]}")
    plain = text.replace("https://publications.europa.eu/", "http://publications.europa.eu/")
    return _by_word().get(plain.casefold()) or _by_list(text)


def _by_list(text: str) -> str | None:
    """The code that an entry of Dublin Core's, SDMX's or ISO 19115's list means, by its address or alone."""
    local = re.split("[/#]", text.rstrip("/"))[-1]
    if "/sdmx/" in text:
        return _SDMX.get(local.removeprefix("freq-"))
    if _OF_ISO_19115.search(text):
        return _by_word().get(local.casefold())
    return _DUBLIN_CORE.get(local) if text == local or "purl.org/cld/" in text else None


def periodicity_interval(code: str) -> str | None:
    """A code as DCAT-US 1.1 writes it; None where that has no way to say it (as needed, never)."""
    return _INTERVALS.get(code)


@cache
def _by_interval() -> dict[str, str]:
    return {interval: code for code, interval in _INTERVALS.items()} | _SAME_INTERVAL


@cache
def _by_word() -> dict[str, str]:
    codes = codelist("accrual-periodicity").values()
    named = {name.casefold(): entry.code for entry in codes for name in (entry.code, entry.title, entry.same_as)}
    return {**named, **_WORDS}
