"""The generations of one index on an OpenSearch server (part of the adapter).

A generation is an index of its own, named after the installation, a number and the lease under which it was made. An
alias, the installation's name, points to the live one; readers ask the alias, so that a swap is one step for them.
Writes go through another alias of the generation: when the generation is thrown away, so is the alias, and a writer
that was taken over cannot bring it back by writing to it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError

from catalogue.search.engine import SearchUnavailable
from catalogue.search.index_folder import REINDEX
from catalogue.search.opensearch_layout import Body, index_body

_ASKED = "*.aliases,*.mappings._meta,*.settings.index.uuid"


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation: its index, the alias through which it is written, and what was noted about it."""

    index: str
    written_as: str
    about: Mapping[str, str]


class Indexes:
    """The generations of one installation, each with a fingerprint of everything its contents depend on."""

    def __init__(self, client: OpenSearch, name: str, fingerprint: str) -> None:
        self._client = client
        self.name = name
        self._fingerprint = fingerprint
        self._pattern = re.compile(rf"{re.escape(name)}-(\d{{1,9}})-[0-9a-f]{{8}}")

    def live(self) -> Generation | None:
        """The live generation, its fingerprint checked; None where none was ever made.

        Raises SearchUnavailable where it is of another version.
        """
        found = self._behind()
        if not found:
            return None
        if len(found) > 1 or found[0].index == self.name:
            raise SearchUnavailable(
                f"“{self.name}” on the search server is not an alias of one index, which it must be.",
                "Take it away, or give another name at the end of GAZETTE_SEARCH_URL; then run gazette catalogue "
                "reindex.",
            )
        if found[0].about.get("fingerprint") != self._fingerprint:
            raise SearchUnavailable("The search index was built by another version of this program.", REINDEX)
        return found[0]

    def new(self, token: str, about: Mapping[str, str], *, live: bool = False) -> Generation:
        """An empty generation, with the number after the highest there is: beside the live one, or the first `live`."""
        numbers = [int(match.group(1)) for one in self.all() if (match := self._pattern.fullmatch(one.index))]
        index = f"{self.name}-{max(numbers, default=0) + 1}-{token}"
        major = int(str(self._client.info()["version"]["number"]).partition(".")[0])
        noted = {**about, "fingerprint": self._fingerprint}
        alias = f"{index}-by-{token}"
        aliases: Body = {alias: {"is_hidden": True}, **({self.name: {}} if live else {})}
        body = {**index_body(major, noted), "aliases": aliases}
        self._client.indices.create(index=index, body=body)
        return Generation(index, alias, noted)

    def unfinished(self, about: Mapping[str, str]) -> Generation | None:
        """The newest generation of this version that was never made live and of which this was noted."""
        live = {one.index for one in self._behind()}
        noted = {**about, "fingerprint": self._fingerprint}
        found = [one for one in self.all() if one.index not in live and dict(one.about) == noted]
        return max(found, key=lambda one: int(one.index.split("-")[-2]), default=None)

    def take(self, generation: Generation, token: str) -> Generation:
        """Write to a generation from now on under another alias; who wrote to it before no longer can."""
        alias = f"{generation.index}-by-{token}"
        actions: list[Body] = [{"add": {"index": generation.index, "alias": alias, "is_hidden": True}}]
        if generation.written_as:
            actions.append({"remove": {"index": generation.index, "alias": generation.written_as}})
        self._client.indices.update_aliases(body={"actions": actions})
        return Generation(generation.index, alias, generation.about)

    def make_live(self, index: str) -> None:
        """Point the alias to a generation, at one blow. It is no unfinished one from then on, nor once it is old."""
        self._client.indices.put_mapping(index=index, body={"_meta": {"fingerprint": self._fingerprint}})
        actions: list[Body] = [{"add": {"index": index, "alias": self.name}}]
        for other in self._behind():
            if other.index == self.name:
                raise SearchUnavailable(
                    f"There is an index called “{self.name}” on the search server, which is not ours.",
                    "Give another name at the end of GAZETTE_SEARCH_URL.",
                )
            if other.index != index:
                actions.append({"remove": {"index": other.index, "alias": self.name, "must_exist": True}})
        self._client.indices.update_aliases(body={"actions": actions})

    def clear_others(self, *, but: str = "") -> None:
        """Throw away every generation but the live one and the one given: old ones and builds cut short."""
        kept = {but, *(one.index for one in self._behind())}
        for one in self.all():
            if one.index not in kept:
                self._client.indices.delete(index=one.index, params={"ignore_unavailable": "true"})

    def all(self) -> list[Generation]:
        """Every generation there is."""
        found = self._described(f"{self.name}-*")
        return [one for one in found if self._pattern.fullmatch(one.index)]

    def _behind(self) -> list[Generation]:
        """The generations that the alias points to."""
        try:
            return self._described(self.name)
        except NotFoundError:
            return []

    def _described(self, named: str) -> list[Generation]:
        params = {"filter_path": _ASKED, "expand_wildcards": "open,hidden"}
        found = self._client.indices.get(index=named, params=params)
        described = []
        for index, about in found.items():
            aliases = [alias for alias in about.get("aliases", {}) if alias.startswith(f"{index}-by-")]
            noted = about.get("mappings", {}).get("_meta", {})
            described.append(Generation(index, aliases[0] if aliases else "", noted))
        return described
