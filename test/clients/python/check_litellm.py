"""Runs litellm, as a client, against a Sluice before the demo's and the scripted server.

usage: check_litellm.py ORIGIN_OF_SLUICE ORIGIN_OF_SCRIPTED_SERVER
"""

import asyncio
import importlib.metadata
import json
import os
import time

# Else it asks the network for a list of prices while it is imported.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm  # noqa: E402
import pydantic  # noqa: E402
from checks import (  # noqa: E402
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

litellm.telemetry = False
litellm.suppress_debug_info = True

# Not those that litellm tells by words: the type that the demo gives all of 400 to 499 is a bad
# request to it, but for 429.
ERROR_TYPES = {
    400: litellm.BadRequestError,
    429: litellm.RateLimitError,
    500: litellm.InternalServerError,
    503: litellm.ServiceUnavailableError,
}


class City(pydantic.BaseModel):
    city: str
    people: int


def options_for(base_url, model, **options):
    return {
        "model": f"openai/{model}",
        "api_base": base_url,
        "api_key": "sk-of-the-client",
        "max_retries": 0,
        **options,
    }


def known_by(case):
    """What names the request to the scripted server: litellm drops `user` for models unknown to it."""
    return {"extra_body": {"user": case.user}}


def chat(base_url, model, **options):
    return litellm.completion(messages=MESSAGES, **options_for(base_url, model, **options))


@check
def completes_a_chat(base_url, case):
    # Tags at the start of the content are a field to litellm, whoever wrote them.
    message = chat(base_url, "harmony").choices[0].message
    expect((message.reasoning_content, message.content), (REASONING, ANSWER))


@check
def iterates_over_a_stream(base_url, case):
    chunks = chat(base_url, "harmony", stream=True)
    expect("".join(chunk.choices[0].delta.content or "" for chunk in chunks), TAGGED)


@check
def gets_reasoning_in_the_field_it_asks_for(base_url, case):
    headers = {"x-sluice-reasoning": "reasoning_content"}
    message = chat(base_url, "harmony", extra_headers=headers).choices[0].message
    expect((message.reasoning_content, message.content), (REASONING, ANSWER))
    deltas = [
        chunk.choices[0].delta
        for chunk in chat(base_url, "harmony", extra_headers=headers, stream=True)
    ]
    reasoning = "".join(getattr(delta, "reasoning_content", None) or "" for delta in deltas)
    expect((reasoning, "".join(delta.content or "" for delta in deltas)), (REASONING, ANSWER))


@check
def is_asked_to_call_a_tool(base_url, case):
    whole = chat(base_url, "plain", tools=[WEATHER])
    chunks = list(chat(base_url, "plain", tools=[WEATHER], stream=True))
    for completion in (whole, litellm.stream_chunk_builder(chunks)):
        [call] = completion.choices[0].message.tool_calls
        expect((call.function.name, call.function.arguments), ("get_weather", '{"city":"Paris"}'))
        expect(completion.choices[0].finish_reason, "tool_calls")


@check
def has_structured_output(base_url, case):
    content = chat(base_url, "scripted-structured", response_format=City).choices[0].message.content
    expect(City.model_validate_json(content), City(city="Paris", people=2))


@check
def sends_a_picture(base_url, case):
    options = options_for(base_url, "scripted-mirror")
    content = litellm.completion(messages=[PICTURE], **options).choices[0].message.content
    expect(json.loads(content)["messages"], [PICTURE])


@check
def embeds_text(base_url, case):
    options = options_for(base_url, "embedder", encoding_format="float")
    reply = litellm.embedding(input=["one", "two"], **options)
    expect([item["embedding"] for item in reply.data], [[0.25, -0.5, 0.125, 1.0]] * 2)


@check
def uploads_a_file(base_url, case):
    upload = litellm.create_file(
        file=("batch.jsonl", b'{"line": 1}\n' * 1000),
        purpose="batch",
        custom_llm_provider="openai",
        api_base=base_url,
        api_key="sk-of-the-client",
    )
    expect((upload.bytes, upload.filename), (12_000, "batch.jsonl"))


@check
def closes_the_upstream_when_its_task_is_cancelled(base_url, case):
    async def ask():
        options = options_for(base_url, "scripted-silent", **known_by(case))
        await litellm.acompletion(messages=MESSAGES, **options)

    error = error_of(lambda: asyncio.run(asyncio.wait_for(ask(), PATIENCE_SECONDS)))
    expect(type(error), TimeoutError)
    case.wait_until_left()


@check
def closes_the_upstream_when_its_patience_ends(base_url, case):
    error = error_of(
        chat, base_url, "scripted-silent", timeout=PATIENCE_SECONDS, **known_by(case)
    )
    expect(type(error), litellm.Timeout)
    case.wait_until_left()


@check
def waits_as_long_as_retry_after_says(base_url, case):
    began = time.monotonic()
    completion = chat(base_url, "scripted-busy", max_retries=1, **known_by(case))
    expect(completion.choices[0].message.content, "Paris")
    expect(case.attempts(), 2)
    expect(time.monotonic() - began >= 1, True)


@check
def maps_errors_of_the_model_server(base_url, case):
    for status, error_type in ERROR_TYPES.items():
        error = error_of(chat, base_url, f"status-{status}")
        expect((type(error), error.status_code), (error_type, status))


@check
def maps_errors_of_sluice_itself(base_url, case):
    error = error_of(litellm.completion, messages=[], **options_for(base_url, "harmony"))
    expect(type(error), litellm.BadRequestError)


run(f"litellm {importlib.metadata.version('litellm')}", __doc__)
