"""A server that does nothing but send bytes it was given: the floor of what a client can do."""

import asyncio
import json
import multiprocessing
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def canned_server(answers: Mapping[str, bytes], port: int) -> Iterator[None]:
    """Serve answers in a process of its own: the one of the `id` in the body, else of the end of the address."""
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(dict(answers), port), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join(timeout=10)


def _serve(answers: dict[str, bytes], port: int) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await _answered(reader, writer, answers):
                pass
        finally:
            writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(serve())


async def _answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answers: dict[str, bytes]) -> bool:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, ConnectionError):
        return False
    first, *lines = head.split("\r\n")
    lengths = [line.partition(":")[2] for line in lines if line.lower().startswith("content-length:")]
    body = await reader.readexactly(int(lengths[0])) if lengths else b""
    asked = json.loads(body) if body.strip() else {}
    content = answers.get(str(asked.get("id")) if "id" in asked else first.split()[1].rpartition("/")[2], b"{}")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=utf-8\r\n")
    writer.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
    await writer.drain()
    return True
