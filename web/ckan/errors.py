"""The errors of CKAN's Action API: each with the `__type`, the status and the members that clients look for."""

from collections.abc import Mapping, Sequence

Messages = Mapping[str, Sequence[str]]


class CkanError(Exception):
    """An error as the envelope has it (CKAN 2.11, `ckan/views/api.py`)."""

    kind = "Internal Server Error"
    status = 500

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def as_json(self) -> dict[str, object]:
        """The member `error` of the envelope."""
        return {"__type": self.kind, "message": self.message}


class NotFoundError(CkanError):
    """There is no such record, or nobody may know of it."""

    kind = "Not Found Error"
    status = 404

    def __init__(self, message: str = "") -> None:
        super().__init__(f"Not found: {message}" if message else "Not found")


class NotAuthorizedError(CkanError):
    """What nobody may do through this door."""

    kind = "Authorization Error"
    status = 403

    def __init__(self, message: str) -> None:
        super().__init__(f"Access denied: {message}")


class ValidationError(CkanError):
    """Parameters that cannot be read: for each its messages."""

    kind = "Validation Error"
    status = 409

    def __init__(self, messages: Messages) -> None:
        super().__init__("; ".join(f"{name}: {', '.join(told)}" for name, told in messages.items()))
        self.messages = messages

    def as_json(self) -> dict[str, object]:
        """The messages beside the type; CKAN gives no `message` here."""
        return {**{name: list(told) for name, told in self.messages.items()}, "__type": self.kind}


class SearchQueryError(CkanError):
    """A parameter of the search that does not exist, or an order that cannot be."""

    kind = "Search Query Error"
    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(f"Search Query is invalid: {message!r}")


class SearchError(CkanError):
    """A filter whose brackets, quotes or ranges cannot be read."""

    kind = "Search Error"
    status = 409

    def __init__(self, message: str) -> None:
        super().__init__(f"Search error: {message!r}")


class SearchConnectionError(CkanError):
    """The index does not answer."""

    kind = "Search Connection Error"
    status = 500


class BadRequest(Exception):
    """A request that is none: answered with a bare JSON string, as CKAN does."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message = f"Bad request: {message}" if status == 400 else message
        self.status = status
