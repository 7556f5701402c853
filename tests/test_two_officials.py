"""The whole life of an agreement, by two officials of two organisations on two machines, over one server."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from ruamel.yaml import YAML

from schemas.canonical import Json
from tests.register.lifecycle.world import LEAD, RECEIVER, complete
from tests.walks import Official, Server, serving


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving(tmp_path, monkeypatch) as served:
        yield served


def signed_in(server: Server, name: str, organisation: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Official:
    official = server.official(name, organisation, folder)
    monkeypatch.setattr("web.commands.signing_in.time", SimpleNamespace(sleep=lambda _seconds: server.approve(name)))
    assert "signed in" in official.does("login")
    return official


def uncatalogued() -> Json:
    """The complete example, between two bodies, of datasets that no catalogue holds."""
    document = complete(externalIds=None)
    for flow in document["flows"]:
        for link in flow["datasets"]:
            link.pop("catalogueId", None)
            link["uncatalogued"] = "It is not catalogued yet."
    return document


def test_the_whole_life(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rita = signed_in(server, "rita", LEAD, tmp_path / "rita", monkeypatch)
    carl = signed_in(server, "carl", RECEIVER, tmp_path / "carl", monkeypatch)
    file = tmp_path / "agreement.json"
    file.write_text(json.dumps(uncatalogued()), encoding="utf-8")

    assert "Nothing waits" in carl.does("whoami")
    draft = json.loads(rita.does("register", "submit", file, "--format", "json"))["draft"]["id"]
    assert carl.run("register", "show", draft).code == 3
    assert carl.run("register", "sign", draft).code == 3
    assert "dg-1 stands in the register" in rita.does("register", "sign", draft)

    waiting = carl.does("whoami")
    assert "gazette register confirm dg-1 --version 1" in waiting
    assert "gazette register confirm dg-1 --version 1" in carl.does("register", "due")
    assert carl.run("register", "amend", "dg-1", file).code == 1  # not the lead party
    assert carl.run("register", "confirm", "dg-1", "--version", "2").code == 4
    carl.does("register", "dispute", "dg-1", "--version", "1", "--reason", "The end is wrong", "--field", "/endsOn")
    assert "The end is wrong" in rita.does("register", "due")

    changed = tmp_path / "rita" / "new.yaml"
    told = rita.does("register", "show", "dg-1", "--file", changed)
    assert f"gazette register correct dg-1 {changed} --from-version 1" in told
    rewrite(changed, endsOn="2029-03-31")
    rita.does("register", "correct", "dg-1", changed, "--from-version", "1", "--reason", "The end was mistyped")
    stale = rita.run("register", "correct", "dg-1", changed, "--from-version", "1", "--reason", "Again")
    assert stale.code == 1
    assert "has changed since you read it" in stale.stderr
    shown = rita.does("register", "diff", "dg-1", "1", "2")
    assert "2029-02-28" in shown
    assert "2029-03-31" in shown
    carl.does("register", "confirm", "dg-1", "--version", "2")
    assert "Nothing waits" in carl.does("whoami")

    rewrite(changed, scale="Twice as many people")
    carl.does("register", "amend", "dg-1", changed, "--propose", "--reason", "More debtors")
    assert "--agree" in rita.does("register", "due")
    rita.does("register", "amend", "dg-1", "--agree", "--reason", "Agreed")
    today = json.loads(rita.does("register", "show", "dg-1", "--format", "json"))["versionDate"][:10]
    report = tmp_path / "report.yaml"
    report.write_text(f"date: {today}\noutcome: continue\n", encoding="utf-8")
    carl.does("register", "review", "dg-1", report)
    carl.does("register", "end", "dg-1", "--reason", "Aim met")
    report.write_text(f"disposalConfirmedOn: {today}\n", encoding="utf-8")
    assert rita.run("register", "suspend", "dg-1", "--reason", "Too late").code == 1
    carl.does("register", "dispose", "dg-1", report)
    rita.does("register", "withdraw", "dg-1", "--reason", "The pilot is over")

    events = json.loads(carl.does("register", "history", "dg-1", "--format", "json"))
    assert [(event["event"], event["by"]) for event in events] == [
        ("signed", LEAD),
        ("disputed", RECEIVER),
        ("corrected", LEAD),
        ("confirmed", RECEIVER),
        ("amendment-proposed", RECEIVER),
        ("amended", LEAD),
        ("reviewed", RECEIVER),
        ("terminated", RECEIVER),
        ("disposal-confirmed", RECEIVER),
        ("withdrawn", LEAD),
    ]
    assert json.loads(carl.does("register", "list", "--format", "json"))[0]["stateCode"] == "withdrawn"
    assert server.administrator("register", "rebuild", "--check").code == 0
    assert not (tmp_path / "carl" / "data").exists()
    assert rita.run("--server", server.address, "register", "rebuild").code == 2


def rewrite(file: Path, **members: str) -> None:
    """Change fields of a YAML file as an official does, comments and all else kept."""
    yaml = YAML()
    document = yaml.load(file)
    document.update(members)
    yaml.dump(document, file)
