"""What a check of `gazette doctor` found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `advice` says what to do where it is not well."""

    check: str
    well: bool
    found: str
    advice: str = ""

    def as_row(self) -> dict[str, str]:
        """The finding as a row of the listing."""
        return {
            "check": self.check,
            "result": "well" if self.well else "fault",
            "found": self.found,
            "advice": self.advice,
        }
