import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.formats.markup import plain_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>Bold</b> and plain", "Bold and plain"),
        ("<p>One</p>\n<p>Two</p>", "One\n\nTwo"),
        ("First<br>second<br/>third", "First\nsecond\nthird"),
        ("<ul><li>apples<li>pears</ul>", "- apples\n\n- pears"),
        ("Fish &amp; chips&nbsp;shop", "Fish & chips\xa0shop"),
        ("&lt;p&gt;Escaped twice: R&amp;amp;D&lt;/p&gt;", "Escaped twice: R&D"),
        ("<span style='font-size: 1px;'>Styled</span>", "Styled"),
        ("a <i>broken <b>end", "a broken end"),
        ("before<script>alert('x')</script>after", "beforeafter"),
        ("<!-- hidden -->shown", "shown"),
        ("<img src=x onerror=alert(1)>", ""),
    ],
)
def test_markup_is_read_as_what_it_shows(text: str, shown: str) -> None:
    assert plain_text(text) == (shown, True)


@pytest.mark.parametrize(
    "text",
    [
        "values a < b and c > d",
        "<b and c>",
        "Research & Development; R&D",
        "see <https://data.example/>",
        "1 &lt without its semicolon",
        "two\n\nparagraphs\twith a tab  and two blanks",
        "",
    ],
)
def test_text_without_markup_is_left_as_it_is(text: str) -> None:
    assert plain_text(text) == (text, False)


def test_a_links_address_is_kept_behind_its_words() -> None:
    shown, _ = plain_text('See <a href="https://data.example/terms?a=1&amp;b=2">the terms</a>.')
    assert shown == "See the terms (https://data.example/terms?a=1&b=2)."


def test_a_link_that_shows_its_own_address_says_it_once() -> None:
    shown, _ = plain_text(
        '<a href="https://data.example/">https://data.example</a> or <a href="mailto:a@b.example">a@b.example</a>'
    )
    assert shown == "https://data.example or a@b.example"


def test_a_character_that_an_entity_smuggles_in_is_cleaned_too() -> None:
    assert plain_text("e&#769;t&#233;&#0;&#8232;") == ("été�\n", True)


@given(
    st.lists(
        st.sampled_from(["<b>", "</b>", "<p>", "&lt;", "b", "&gt;", "&amp;", "/", "<", ">", " ", "text", "<br>", "="])
    )
)
def test_no_tag_that_a_browser_would_obey_is_left(pieces: list[str]) -> None:
    shown, _ = plain_text("".join(pieces))
    again, changed = plain_text(shown)
    assert (again, changed) == (shown, False)
