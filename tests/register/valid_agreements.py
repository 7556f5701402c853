"""Agreements of every shape that the published schema allows, for hypothesis: built from the schema itself."""

from typing import Any

from hypothesis import strategies as st

from schemas.bundle import AGREEMENT_VERSION, load_schema
from schemas.canonical import Json
from schemas.cleaning import clean_text
from schemas.codelists import codelist

ROOT = load_schema("agreement", AGREEMENT_VERSION)
ALWAYS = ("id", "schemaVersion", "title", "parties", "provenance")

AWKWARD = (
    "=1+1", "+44 20", "-5", "@sum", "'apostrophe", "'=1+1", '"in quotes"', 'half a "quote', '"', "semi;colon", ";",
    "007", "2024-03", "31/12/2024", "1e5", "1.0", "TRUE", "yes", "#N/A", "#REF!", "_x0041_", "_x000D_", "_x0078_",
    "x005F_", "_x0078x0041_", "two\nlines", "\ttab", " before", "after ", "a\u00a0b", "Ünïcode 𝒳 ẞ", "<b>&amp;</b>",
    "a,b\tc", "sep=;", "long text " * 290, "\nline end first", "draft 1", "record#",
)  # fmt: skip

TEXT = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30),
    st.text("ab ;\"\n'=x_0", min_size=1, max_size=12),
).map(lambda text: clean_text(text)[0])

FORMATS = {
    "partial-date": st.sampled_from(["2024", "2024-03", "2024-03-31", "2024-03-31T10:00:00Z"]),
    "duration": st.sampled_from(["P1Y", "P6M", "P30D"]),
    "web-address": st.sampled_from(["https://a.example/x?y=1", "http://rivers.example"]),
    "email": st.sampled_from(["data.sharing@rivers.example", "office@bridges.example"]),
}


def resolved(schema: Json) -> Json:
    if "$ref" not in schema:
        return schema
    return {**ROOT["$defs"][schema["$ref"].removeprefix("#/$defs/")], **schema}


def values(schema: Json) -> st.SearchStrategy[Any]:
    """Values that conform to a part of the schema."""
    schema = resolved(schema)
    if "const" in schema:
        return st.just(schema["const"])
    match schema["type"]:
        case "object":
            return objects(schema)
        case "array":
            return lists(schema)
        case "integer":
            return st.integers(schema["minimum"], schema["maximum"])
        case "boolean":
            return st.booleans()
    return texts(schema)


def texts(schema: Json) -> st.SearchStrategy[str]:
    if "x-codelist" in schema:
        return st.sampled_from(sorted(codelist(schema["x-codelist"])))
    if "format" in schema:
        return FORMATS[schema["format"]]
    pattern = schema.get("pattern", "")
    if pattern not in {"", "\\S"}:
        plain = st.from_regex(pattern.removeprefix("^").removesuffix("$"), fullmatch=True, alphabet=ASCII)
        return plain.filter(lambda text: len(text) <= schema.get("maxLength", 1_000))
    return TEXT.filter(lambda text: text.strip() and len(text) <= schema.get("maxLength", 1_000))


ASCII = st.characters(max_codepoint=126, min_codepoint=33)


def lists(schema: Json) -> st.SearchStrategy[list[Any]]:
    items = st.lists(values(schema["items"]), min_size=1, max_size=3, unique="uniqueItems" in schema)
    if "if" in schema:  # “none” stands alone
        return items.map(lambda found: next(([item] for item in found if "none" in item), found))
    return items


def objects(schema: Json) -> st.SearchStrategy[Json]:
    members = {name: values(member) for name, member in schema["properties"].items()}
    required = set(schema.get("required", ()))
    if "if" in schema:  # “none” and nothing else, or what there is
        del members["none"]
        wanted = set(schema.get("else", {}).get("required", ())) | required
        return st.one_of(st.just({"none": True}), chosen(members, wanted))
    if "anyOf" in schema:
        required.add(schema["anyOf"][-1]["required"][0])
    return chosen(members, required)


@st.composite
def chosen(draw: st.DrawFn, members: dict[str, st.SearchStrategy[Any]], required: set[str], most: int = 4) -> Json:
    """Some members, the required ones among them, and never none."""
    names = draw(st.lists(st.sampled_from(sorted(members)), max_size=most, unique=True, min_size=0 if required else 1))
    return {name: draw(members[name]) for name in members if name in required or name in names}


def agreements() -> st.SearchStrategy[Json]:
    """Whole agreements, each with a few of the members there are. They are clean, as those in the register are."""
    members = {name: values(member) for name, member in ROOT["properties"].items()}
    return chosen(members, set(ALWAYS), most=7)


def several_agreements() -> st.SearchStrategy[list[Json]]:
    """Some agreements, with numbers that may be the same, or without."""
    ids = st.sampled_from(["dg-1", "dg-2", "draft-2", None])
    numbered = st.builds(
        lambda document, number: {n: v for n, v in {**document, "id": number}.items() if v is not None},
        agreements(),
        ids,
    )
    return st.lists(numbered, min_size=1, max_size=3)
