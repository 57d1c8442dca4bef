"""Runs httpx, without any SDK, against a Sluice before the demo's and the scripted server.

usage: check_httpx.py ORIGIN_OF_SLUICE ORIGIN_OF_SCRIPTED_SERVER
"""

import asyncio
import json

import httpx
from checks import (
    ANSWER,
    MESSAGES,
    PATIENCE_SECONDS,
    REASONING,
    TAGGED,
    check,
    error_of,
    expect,
    run,
)

STREAM = {"model": "harmony", "messages": MESSAGES, "stream": True}


def client_at(base_url, **options):
    return httpx.Client(base_url=base_url, **options)


def text_of(lines, field="content"):
    """The text of a stream's lines, which must end in [DONE]."""
    events = [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]
    expect(events[-1], "[DONE]")
    choices = [choice for event in events[:-1] for choice in json.loads(event)["choices"]]
    return "".join(choice["delta"].get(field) or "" for choice in choices)


@check
def completes_a_chat(base_url, case):
    with client_at(base_url) as client:
        reply = client.post("/chat/completions", json={**STREAM, "stream": False})
    expect(reply.json()["choices"][0]["message"]["content"], TAGGED)
    expect(reply.headers["x-sluice-backend"], "demo")


@check
def reads_a_stream_line_by_line(base_url, case):
    with client_at(base_url) as client:
        with client.stream("POST", "/chat/completions", json=STREAM) as reply:
            expect(reply.headers["content-type"], "text/event-stream")
            expect(text_of(reply.iter_lines()), TAGGED)


@check
def reads_a_stream_asynchronously(base_url, case):
    async def read():
        async with httpx.AsyncClient(base_url=base_url) as client:
            async with client.stream("POST", "/chat/completions", json=STREAM) as reply:
                return [line async for line in reply.aiter_lines()]

    expect(text_of(asyncio.run(read())), TAGGED)


@check
def reads_many_streams_at_once(base_url, case):
    async def read(client):
        async with client.stream("POST", "/chat/completions", json=STREAM) as reply:
            return text_of([line async for line in reply.aiter_lines()])

    async def read_all():
        async with httpx.AsyncClient(base_url=base_url) as client:
            return await asyncio.gather(*[read(client) for _ in range(50)])

    expect(asyncio.run(read_all()), [TAGGED] * 50)


@check
def gets_reasoning_in_the_field_it_asks_for(base_url, case):
    headers = {"x-sluice-reasoning": "reasoning_content"}
    with client_at(base_url, headers=headers) as client:
        with client.stream("POST", "/chat/completions", json=STREAM) as reply:
            lines = list(reply.iter_lines())
    expect((text_of(lines, "reasoning_content"), text_of(lines)), (REASONING, ANSWER))


@check
def uploads_a_body_without_a_length(base_url, case):
    head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'

    def parts():
        yield head.encode()
        for _ in range(1000):
            yield b"x" * 1000
        yield b"\r\n--b--\r\n"

    headers = {"content-type": "multipart/form-data; boundary=b"}
    with client_at(base_url) as client:
        reply = client.post("/files", content=parts(), headers=headers)
    expect((reply.status_code, reply.json()["bytes"]), (200, 1_000_000))


@check
def closes_the_upstream_when_it_leaves_a_stream(base_url, case):
    request = {**STREAM, "model": "scripted-endless", "user": case.user}
    with client_at(base_url) as client:
        with client.stream("POST", "/chat/completions", json=request) as reply:
            next(reply.iter_lines())
    case.wait_until_left()


@check
def closes_the_upstream_when_its_patience_ends(base_url, case):
    request = {**STREAM, "model": "scripted-silent", "user": case.user}
    with client_at(base_url, timeout=PATIENCE_SECONDS) as client:
        error = error_of(client.post, "/chat/completions", json=request)
    expect(type(error), httpx.ReadTimeout)
    case.wait_until_left()


@check
def is_told_an_error_by_its_status(base_url, case):
    with client_at(base_url) as client:
        reply = client.post("/chat/completions", json={**STREAM, "messages": []})
    expect(type(error_of(reply.raise_for_status)), httpx.HTTPStatusError)
    expect(reply.json()["error"]["code"], "missing_field")


run(f"httpx {httpx.__version__}", __doc__)
