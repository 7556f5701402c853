"""Descriptions that arrive as HTML, read as the plain text they show.

nh3 (an HTML5 parser) first brings any markup, broken or hostile, down to a few well-formed elements; these are then
written out: paragraphs and list items on lines of their own, a link's address in brackets behind its words.
"""

import html
import re
from html.parser import HTMLParser

import nh3

from schemas.cleaning import clean_text

_ELEMENTS = (
    "a|abbr|address|article|b|big|blockquote|body|br|caption|center|cite|code|col|dd|del|div|dl|dt|em|embed|fieldset|"
    "figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|meta|nav|"
    "object|ol|o:p|p|pre|q|s|samp|script|section|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|tfoot|th|"
    "thead|title|tr|tt|u|ul|video"
)
_ATTRIBUTE = r"""\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+)"""
_TAG = re.compile(rf"<(?:/\s*(?:{_ELEMENTS})\s*|(?:{_ELEMENTS})(?:{_ATTRIBUTE})*\s*/?)>|<!--", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,30});")
_BLOCKS = {"p", "div", "li", "tr", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd"}
_KEPT = {*_BLOCKS, "br", "a", "td", "th"}
_MOST_LAYERS = 4


def plain_text(text: str) -> tuple[str, bool]:
    """A text without markup and entities, and whether there were any. A text without them is left as it is.

    Text that was escaped twice is read until nothing is left to read, so that no page ever shows a tag as words.
    """
    plain = text
    for _ in range(_MOST_LAYERS):
        if _TAG.search(plain):
            plain = _without_tags(plain)
        elif _ENTITY.search(plain):
            plain = html.unescape(plain)
        else:
            break
    # An entity can stand for a character that cleaning takes out, so cleaning comes once more.
    return (clean_text(plain)[0], True) if plain != text else (text, False)


def _without_tags(text: str) -> str:
    safe = nh3.clean(text, tags=_KEPT, attributes={"a": {"href"}}, link_rel=None, strip_comments=True)
    writer = _Writer()
    writer.feed(safe)
    writer.close()
    return _tidy("".join(writer.parts))


def _tidy(text: str) -> str:
    lines = [re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.parts)))
        elif tag == "br":
            self.parts.append("\n")
        elif tag in {"td", "th"}:
            self.parts.append(" ")
        else:
            self.parts.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            address, start = self._links.pop()
            words = "".join(self.parts[start:])
            if address and address.rstrip("/") not in words and address.removeprefix("mailto:") not in words:
                self.parts.append(f" ({address})")
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
