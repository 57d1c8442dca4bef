"""Runs the official Python client against a Sluice before the demo's and the scripted server.

usage: check_openai.py ORIGIN_OF_SLUICE ORIGIN_OF_SCRIPTED_SERVER
"""

import asyncio
import io
import json
import socket
import time

import openai
import pydantic
from checks import (
    ANSWER,
    MESSAGES,
    PATIENCE_SECONDS,
    PICTURE,
    REASONING,
    TAGGED,
    WEATHER,
    check,
    error_of,
    expect,
    run,
)

ERROR_TYPES = {
    400: openai.BadRequestError,
    401: openai.AuthenticationError,
    403: openai.PermissionDeniedError,
    404: openai.NotFoundError,
    409: openai.ConflictError,
    422: openai.UnprocessableEntityError,
    429: openai.RateLimitError,
    500: openai.InternalServerError,
    502: openai.InternalServerError,
    503: openai.InternalServerError,
    504: openai.InternalServerError,
}

class City(pydantic.BaseModel):
    city: str
    people: int


def client_at(base_url, **options):
    return openai.OpenAI(base_url=base_url, api_key="sk-of-the-client", **options)


def chat_error(base_url, **request):
    """The error that a chat ends with, told at once instead of tried again."""
    return error_of(client_at(base_url, max_retries=0).chat.completions.create, **request)


@check
def completes_a_chat(base_url, case):
    completion = client_at(base_url).chat.completions.create(model="harmony", messages=MESSAGES)
    expect(completion.choices[0].message.content, TAGGED)
    expect(completion.choices[0].finish_reason, "stop")


@check
def iterates_over_a_stream(base_url, case):
    stream = client_at(base_url).chat.completions.create(
        model="harmony", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    choices = [choice for chunk in chunks for choice in chunk.choices]
    expect("".join(choice.delta.content or "" for choice in choices), TAGGED)
    expect([choice.delta.role for choice in choices if choice.delta.role], ["assistant"])
    expect([choice.finish_reason for choice in choices if choice.finish_reason], ["stop"])
    expect(chunks[-1].usage.total_tokens > 0, True)


@check
def iterates_over_a_stream_asynchronously(base_url, case):
    async def read():
        async with openai.AsyncOpenAI(base_url=base_url, api_key="sk-of-the-client") as client:
            stream = await client.chat.completions.create(
                model="harmony", messages=MESSAGES, stream=True
            )
            choices = [choice async for chunk in stream for choice in chunk.choices]
            return "".join(choice.delta.content or "" for choice in choices)

    expect(asyncio.run(read()), TAGGED)


@check
def leaves_a_stream_and_asks_again(base_url, case):
    client = client_at(base_url)
    with client.chat.completions.create(model="harmony", messages=MESSAGES, stream=True) as stream:
        next(iter(stream))
    completion = client.chat.completions.create(model="plain", messages=MESSAGES)
    expect(completion.choices[0].message.content, ANSWER)


@check
def gets_reasoning_in_the_field_it_asks_for(base_url, case):
    request = {
        "model": "harmony",
        "messages": MESSAGES,
        "extra_headers": {"x-sluice-reasoning": "reasoning_content"},
    }
    completions = client_at(base_url).chat.completions
    message = completions.create(**request).choices[0].message
    expect((message.reasoning_content, message.content), (REASONING, ANSWER))
    deltas = [chunk.choices[0].delta for chunk in completions.create(**request, stream=True)]
    reasoning = "".join(getattr(delta, "reasoning_content", None) or "" for delta in deltas)
    content = "".join(delta.content or "" for delta in deltas)
    expect((reasoning, content), (REASONING, ANSWER))


@check
def is_asked_to_call_a_tool(base_url, case):
    request = {"model": "plain", "messages": MESSAGES, "tools": [WEATHER]}
    completions = client_at(base_url).chat.completions
    with completions.stream(**request) as stream:
        streamed = stream.get_final_completion()
    for completion in (completions.create(**request), streamed):
        [call] = completion.choices[0].message.tool_calls
        expect((call.function.name, call.function.arguments), ("get_weather", '{"city":"Paris"}'))
        expect(completion.choices[0].finish_reason, "tool_calls")


@check
def lists_the_models(base_url, case):
    client = client_at(base_url)
    names = [model.id for model in client.models.list()]
    expect(names[:4], ["plain", "harmony", "harmony-tools", "think"])
    expect(client.models.retrieve("think").id, "think")


@check
def uploads_a_file(base_url, case):
    upload = client_at(base_url).files.create(
        file=("bätch 1.jsonl", io.BytesIO(b'{"line": 1}\n' * 100_000)), purpose="batch"
    )
    expect(
        (upload.bytes, upload.filename, upload.purpose), (1_200_000, "bätch 1.jsonl", "batch")
    )


@check
def embeds_text(base_url, case):
    reply = client_at(base_url).embeddings.create(
        model="embedder", input=["one", "two"], encoding_format="float"
    )
    expect([item.embedding for item in reply.data], [[0.25, -0.5, 0.125, 1.0]] * 2)


@check
def maps_errors_of_the_model_server(base_url, case):
    for status, error_type in ERROR_TYPES.items():
        error = chat_error(base_url, model=f"status-{status}", messages=MESSAGES)
        expect(type(error), error_type)
        expect((error.status_code, error.body["message"]), (status, f"Scripted {status}"))


@check
def maps_errors_of_sluice_itself(base_url, case):
    error = chat_error(base_url, model="harmony", messages=[])
    expect(type(error), openai.BadRequestError)
    expect((error.code, error.param), ("missing_field", "messages"))
    expect(bool(error.request_id), True)


@check
def tells_that_nobody_listens(base_url, case):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    path = "/v1" if base_url.endswith("/v1") else ""
    error = chat_error(f"http://127.0.0.1:{port}{path}", model="plain", messages=MESSAGES)
    expect(type(error), openai.APIConnectionError)


@check
def parses_structured_output(base_url, case):
    completions = client_at(base_url).chat.completions
    request = {"model": "scripted-structured", "messages": MESSAGES, "response_format": City}
    expect(completions.parse(**request).choices[0].message.parsed, City(city="Paris", people=2))
    with completions.stream(**request) as stream:
        message = stream.get_final_completion().choices[0].message
    expect(message.parsed, City(city="Paris", people=2))


@check
def sends_a_picture(base_url, case):
    completion = client_at(base_url).chat.completions.create(
        model="scripted-mirror", messages=[PICTURE]
    )
    expect(json.loads(completion.choices[0].message.content)["messages"], [PICTURE])


@check
def closes_the_upstream_when_it_leaves_a_stream(base_url, case):
    stream = client_at(base_url).chat.completions.create(
        model="scripted-endless", messages=MESSAGES, stream=True, user=case.user
    )
    expect(next(iter(stream)).choices[0].delta.content, "Paris")
    stream.close()
    case.wait_until_left()


@check
def closes_the_upstream_when_its_task_is_cancelled(base_url, case):
    async def ask():
        async with openai.AsyncOpenAI(base_url=base_url, api_key="sk-of-the-client") as client:
            await client.chat.completions.create(
                model="scripted-silent", messages=MESSAGES, user=case.user
            )

    error = error_of(lambda: asyncio.run(asyncio.wait_for(ask(), PATIENCE_SECONDS)))
    expect(type(error), TimeoutError)
    case.wait_until_left()


@check
def closes_the_upstream_when_its_patience_ends(base_url, case):
    error = error_of(
        client_at(base_url, max_retries=0, timeout=PATIENCE_SECONDS).chat.completions.create,
        model="scripted-silent",
        messages=MESSAGES,
        user=case.user,
    )
    expect(type(error), openai.APITimeoutError)
    case.wait_until_left()


@check
def waits_as_long_as_retry_after_says(base_url, case):
    began = time.monotonic()
    completion = client_at(base_url, max_retries=1).chat.completions.create(
        model="scripted-busy", messages=MESSAGES, user=case.user
    )
    expect(completion.choices[0].message.content, "Paris")
    expect(case.attempts(), 2)
    expect(time.monotonic() - began >= 1, True)


@check
def has_the_wait_at_hand_when_it_does_not_ask_again(base_url, case):
    error = chat_error(base_url, model="scripted-busy", messages=MESSAGES, user=case.user)
    expect(type(error), openai.RateLimitError)
    expect((error.code, error.response.headers["retry-after"]), ("rate_limit_exceeded", "1"))
    expect(case.attempts(), 1)


run(f"openai {openai.__version__}", __doc__)
