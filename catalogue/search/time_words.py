"""The words that `time_in_text` goes by: months and seasons, and what tells a year from another number."""

import re

_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

MONTHS = {name: number for number, name in enumerate(_NAMES, start=1)}
"""Names of months and their short forms, to their numbers."""
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}

SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11)}
"""The first and last month of a season; a winter lies in two years."""

TERMS = {"spring": (1, 4), "summer": (4, 7), "autumn": (9, 12)}
"""The first and last month of a school term."""

ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
"""Which quarter a word means."""

TAX = re.compile(r"\btax years?\b")
FINANCIAL = re.compile(r"\b(?:financial|fiscal|fy ?(?=\d))|\bbudget(?:s|ed)? (?:and|year|out)|\bannual accounts\b")
ACADEMIC = re.compile(r"\b(?:academic|school) years?\b")

PUBLICATION = frozenset(
    """
    published updated revised edition release released issued created copyright © modified accessed publication
    """.split()
)
"""After one of these words a date is that of a publication."""

NAMES_A_NUMBER = frozenset(
    """
    iso iec bs en din ansi astm nist rfc epsg form forms version versions v ver rev no number nr ref reference room
    act acts regulation regulations order rules directive bill code codes statute law decree agenda vision
    horizon natura windows office excel access sic soc isic nace nuts coicop icd prodcom cpv dsm isced isco naics
    phone tel telephone fax call section schedule table figure chart map page volume vol part chapter title paragraph
    article route highway road channel model type class id lot unit zone station site well top over under about least
    than approximately nearly almost exceeds every per max min maximum minimum population populations limit level grade
    item question topic nearest rule plan strategy base baseline target targets goal goals by scale wgs osgb etrs nad
    """.split()
)
"""After one of these words a number is no year that data cover."""

AMOUNT_OR_LAW = frozenset(
    """
    act acts regulation regulations order rules directive edition release version update revision specification
    standard standards classification definition format m metre metres meter meters km kilometres mile miles ft foot
    feet people persons men women children households families properties homes businesses companies employees staff
    records samples respondents genomes words points items volts watts kw kwh mw mwh hz khz mhz litres tonnes kg g acres
    hectares ha hours minutes seconds dpi pixels steps most largest biggest top years jobs places beds patients cases
    species sites calories target targets plan strategy agenda goals vision
    """.split()
)
"""Before one of these words a number is an amount, or the year of a law, an edition or an aim."""
