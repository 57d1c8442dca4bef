"""Runs the official Python client against a Sluice that stands before the demo's model server.

usage: check_openai.py [ORIGIN]     (http://127.0.0.1:8080 by default)

Each check runs with the base URL ORIGIN/v1 and with ORIGIN alone. Prints one line a check and
ends with exit code 1 when one failed.
"""

import asyncio
import io
import socket
import sys
import traceback

import openai

REASONING = "The user asks for the capital of France. Easy: it is Paris."
ANSWER = "The capital of France is Paris — the city of light."
TAGGED = f"<think>{REASONING}</think>{ANSWER}"

MESSAGES = [{"role": "user", "content": "What is the capital of France?"}]
WEATHER = {
    "type": "function",
    "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {}}},
}

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

CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def client_at(base_url, **options):
    return openai.OpenAI(base_url=base_url, api_key="sk-of-the-client", **options)


def expect(actual, expected):
    if actual != expected:
        raise AssertionError(f"{actual!r} instead of {expected!r}")


def error_of(base_url, **request):
    """The error that a chat ends with, told at once instead of tried again."""
    try:
        client_at(base_url, max_retries=0).chat.completions.create(**request)
    except openai.OpenAIError as error:
        return error
    raise AssertionError("no error")


@check
def completes_a_chat(base_url):
    completion = client_at(base_url).chat.completions.create(model="harmony", messages=MESSAGES)
    expect(completion.choices[0].message.content, TAGGED)
    expect(completion.choices[0].finish_reason, "stop")


@check
def iterates_over_a_stream(base_url):
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
def iterates_over_a_stream_asynchronously(base_url):
    async def read():
        async with openai.AsyncOpenAI(base_url=base_url, api_key="sk-of-the-client") as client:
            stream = await client.chat.completions.create(
                model="harmony", messages=MESSAGES, stream=True
            )
            choices = [choice async for chunk in stream for choice in chunk.choices]
            return "".join(choice.delta.content or "" for choice in choices)

    expect(asyncio.run(read()), TAGGED)


@check
def leaves_a_stream_and_asks_again(base_url):
    client = client_at(base_url)
    with client.chat.completions.create(model="harmony", messages=MESSAGES, stream=True) as stream:
        next(iter(stream))
    completion = client.chat.completions.create(model="plain", messages=MESSAGES)
    expect(completion.choices[0].message.content, ANSWER)


@check
def gets_reasoning_in_the_field_it_asks_for(base_url):
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
def is_asked_to_call_a_tool(base_url):
    request = {"model": "plain", "messages": MESSAGES, "tools": [WEATHER]}
    completions = client_at(base_url).chat.completions
    with completions.stream(**request) as stream:
        streamed = stream.get_final_completion()
    for completion in (completions.create(**request), streamed):
        [call] = completion.choices[0].message.tool_calls
        expect((call.function.name, call.function.arguments), ("get_weather", '{"city":"Paris"}'))
        expect(completion.choices[0].finish_reason, "tool_calls")


@check
def lists_the_models(base_url):
    client = client_at(base_url)
    names = [model.id for model in client.models.list()]
    expect(names[:4], ["plain", "harmony", "harmony-tools", "think"])
    expect(client.models.retrieve("think").id, "think")


@check
def uploads_a_file(base_url):
    upload = client_at(base_url).files.create(
        file=("bätch 1.jsonl", io.BytesIO(b'{"line": 1}\n' * 100_000)), purpose="batch"
    )
    expect(
        (upload.bytes, upload.filename, upload.purpose), (1_200_000, "bätch 1.jsonl", "batch")
    )


@check
def embeds_text(base_url):
    reply = client_at(base_url).embeddings.create(
        model="embedder", input=["one", "two"], encoding_format="float"
    )
    expect([item.embedding for item in reply.data], [[0.25, -0.5, 0.125, 1.0]] * 2)


@check
def maps_errors_of_the_model_server(base_url):
    for status, error_type in ERROR_TYPES.items():
        error = error_of(base_url, model=f"status-{status}", messages=MESSAGES)
        expect(type(error), error_type)
        expect((error.status_code, error.body["message"]), (status, f"Scripted {status}"))


@check
def maps_errors_of_sluice_itself(base_url):
    error = error_of(base_url, model="harmony", messages=[])
    expect(type(error), openai.BadRequestError)
    expect((error.code, error.param), ("missing_field", "messages"))
    expect(bool(error.request_id), True)


@check
def tells_that_nobody_listens(base_url):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    path = "/v1" if base_url.endswith("/v1") else ""
    error = error_of(f"http://127.0.0.1:{port}{path}", model="plain", messages=MESSAGES)
    expect(type(error), openai.APIConnectionError)


def main():
    origin = (sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080").rstrip("/")
    failed = 0
    for base_url in (f"{origin}/v1", origin):
        print(f"openai {openai.__version__} at {base_url}")
        for run in CHECKS:
            name = run.__name__.replace("_", " ")
            try:
                run(base_url)
                print(f"  ok      {name}")
            except Exception:
                failed += 1
                print(f"  FAILED  {name}\n{traceback.format_exc()}")
    print(f"{2 * len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
