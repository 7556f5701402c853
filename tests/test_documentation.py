"""What README, docs and help texts say about commands, options, settings and files is so."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli import main
from schemas.settings import VARIABLES
from tests.source import ROOT, modules

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
VARIABLE = re.compile(r"\bGAZETTE_[A-Z][A-Z_]*[A-Z]\b")
FENCE = re.compile(r"^```.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
INVOCATION = re.compile(r"(?:^|[\s/])gazette\s+(\S.*)$")


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that call it, groups included."""
    yield path, command
    if isinstance(command, click.Group):
        for name, inner in sorted(command.commands.items()):
            yield from _commands(inner, (*path, name))


COMMANDS = dict(_commands(main))


def _options(command: click.Command) -> dict[str, click.Option]:
    """Every way to write an option of a command, with the option; `--help` included."""
    options = [option for option in command.get_params(click.Context(command)) if isinstance(option, click.Option)]
    return {name: option for option in options for name in (*option.opts, *option.secondary_opts)}


def _code(text: str) -> Iterator[str]:
    """Each line of a code block, continued lines joined, and each code span outside the blocks."""
    for block in FENCE.findall(text):
        yield from block.replace("\\\n", " ").splitlines()
    yield from SPAN.findall(FENCE.sub("", text))


def _mistakes(line: str) -> Iterator[str]:
    """What a written command line names that is not there. `a|b` stands for either, `[…]` for what may be left out."""
    invocation = INVOCATION.search(line.partition("  #")[0])
    if invocation is None:
        return
    words = shlex.split(re.sub(r"[\[\]…]", " ", invocation[1]).replace("'s ", " "))
    reached: list[click.Command] = [main]
    path: tuple[str, ...] = ()
    valued = False
    for word in words:
        if valued:
            valued = False
        elif word in {"|", "&&", ">", ";", "&"}:
            return
        elif word.startswith("-"):
            name, given, _ = word.partition("=")
            options = {key: option for command in [main, *reached] for key, option in _options(command).items()}
            if name not in options:
                yield f"{line.strip()}: no option {name}"
            else:
                valued = not given and not options[name].is_flag
        elif isinstance(reached[0], click.Group) and not word.isupper():
            alternatives = word.split("|")
            if any((*path, name) not in COMMANDS for name in alternatives):
                yield f"{line.strip()}: no command {' '.join([*path, word])}"
                return
            reached = [COMMANDS[*path, name] for name in alternatives]
            path = (*path, alternatives[0])


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_a_page_names_commands_and_options_that_exist(page: Path) -> None:
    assert [mistake for line in _code(page.read_text(encoding="utf-8")) for mistake in _mistakes(line)] == []


@pytest.mark.parametrize(
    "path", [path for path, command in COMMANDS.items() if not isinstance(command, click.Group)], ids=" ".join
)
def test_every_command_is_documented(path: tuple[str, ...]) -> None:
    *groups, name = path
    written = re.compile(r"\bgazette " + "".join(f"{group} " for group in groups) + rf"(?:\S*\|)?{re.escape(name)}\b")
    assert written.search("\n".join(page.read_text(encoding="utf-8") for page in PAGES))


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "gazette")
def test_every_command_has_help_with_an_example(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    help_text = command.get_help(click.Context(command, info_name=" ".join(("gazette", *path))))
    assert command.help
    assert [option.name for option in command.params if isinstance(option, click.Option) and not option.help] == []
    if not isinstance(command, click.Group):
        example = help_text.partition("Example")[2]
        assert " ".join(("gazette", *path)) in example
        assert [mistake for line in example.splitlines() for mistake in _mistakes(line)] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    links = [link for link in LINK.findall(text) if not re.match(r"[a-z]+:", link)]
    assert [link for link in links if not _is_there(page, link)] == []


def _is_there(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = page if not path else (page.parent / path)
    if not target.exists():
        return False
    headings = re.findall(r"^#+ +(.+)$", target.read_text(encoding="utf-8"), re.MULTILINE) if anchor else []
    return not anchor or anchor in {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_make_targets_that_are_named_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        word
        for line in _code(page.read_text(encoding="utf-8"))
        if (made := re.search(r"(?:^|\s)make ((?:[A-Z]+=\S+ )*)([a-z-]+)", line))
        for word in [made[2]]
    }
    assert named - targets == set()


def _read_by_the_application() -> set[str]:
    """The variables that appear as strings in the application's modules, the table of settings itself left out."""
    found: set[str] = set()
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "VARIABLES":
                node.value = ast.Constant(None)
        literals = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        found.update(text for text in literals if isinstance(text, str) and VARIABLE.fullmatch(text))
    return found


def test_the_table_of_settings_is_what_the_application_reads() -> None:
    assert set(VARIABLES) == _read_by_the_application()


def test_every_variable_is_documented_and_every_documented_one_is_read() -> None:
    documented = {name for page in PAGES for name in VARIABLE.findall(page.read_text(encoding="utf-8"))}
    beside = [ROOT / "Makefile", ROOT / ".ci" / "run", *(ROOT / "tests").rglob("*.py")]
    read = _read_by_the_application() | {
        name for path in beside if path != Path(__file__) for name in VARIABLE.findall(path.read_text(encoding="utf-8"))
    }
    assert sorted(read - documented) == []
    assert sorted(documented - read) == []
