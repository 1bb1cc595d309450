"""The server of the Model Context Protocol, over standard input and output or over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import mcp_types as types
import orjson
from mcp import MCPError
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server

from scoring.errors import ExposureError
from service.mcp import prompts, resources
from service.mcp.asking import RefusalError, Service
from service.mcp.tools import TOOLS, call, schema_of
from service.version import package_version

INSTRUCTIONS: Final = (
    "Scores from 0 to 100 of how much of a listed company's business the technology conflict between the "
    "United States, its allies and China could take away, each from facts that were known by its as-of date. "
    "Everything is read only. `versions` says the release, methodology and as-of date of all numbers of an "
    "answer. `status` ok rests on a disclosed China share, estimated on a modelled one; china_share_kind is "
    "reported, derived or modelled; evidence says how a fact is known, down to expert-judgement. market, "
    "control and retaliation are exposures from 0 to 1, score_market and so on points. null is unknown, never"
    " zero. A name is never guessed: ambiguous and unresolved rows list candidates, to be chosen by the user."
    " Answers are cut: total and next_offset lead on, and NAME_left_out counts the rest of a list. Numbers "
    "have six digits."
)

Asked = ServerRequestContext[Any, Any]


def make_server(service: Service) -> Server[Any]:
    """Server whose tools, resources and prompts ask a service."""

    async def list_tools(_: Asked, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_tool(name) for name in TOOLS])

    async def call_tool(context: Asked, params: types.CallToolRequestParams) -> types.CallToolResult:
        if params.name not in TOOLS:
            raise MCPError(types.INVALID_PARAMS, f"there is no tool {params.name[:50]!r}; there are {', '.join(TOOLS)}")
        try:
            return _answer(await call(service, params.name, params.arguments or {}, _asker(context)))
        except ExposureError as error:
            return _answer(_told(error), is_error=True)

    async def list_resources(_: Asked, __: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        known = {resources.METHODOLOGY: "methodology", resources.CURRENT: "release"}
        found = [
            types.Resource(uri=uri, name=kind, description=resources.KINDS[kind].text, mime_type="application/json")
            for uri, kind in known.items()
        ]
        return types.ListResourcesResult(resources=found)

    async def list_templates(_: Asked, __: types.PaginatedRequestParams | None) -> types.ListResourceTemplatesResult:
        found = [
            types.ResourceTemplate(
                uri_template=resources.template(name), name=name, description=kind.text, mime_type="application/json"
            )
            for name, kind in resources.KINDS.items()
        ]
        return types.ListResourceTemplatesResult(resource_templates=found)

    async def read_resource(context: Asked, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        uri = str(params.uri)
        try:
            text = await resources.read(service, uri, _asker(context))
        except ExposureError as error:
            raise MCPError(types.INVALID_PARAMS, str(error)) from None
        content = types.TextResourceContents(uri=uri, mime_type="application/json", text=text)
        return types.ReadResourceResult(contents=[content])

    async def list_prompts(_: Asked, __: types.PaginatedRequestParams | None) -> types.ListPromptsResult:
        return types.ListPromptsResult(prompts=[_prompt(name) for name in prompts.QUESTIONS])

    async def get_prompt(_: Asked, params: types.GetPromptRequestParams) -> types.GetPromptResult:
        try:
            text = prompts.ask(params.name, params.arguments or {})
        except ExposureError as error:
            raise MCPError(types.INVALID_PARAMS, str(error)) from None
        message = types.PromptMessage(role="user", content=types.TextContent(text=text))
        return types.GetPromptResult(description=prompts.QUESTIONS[params.name].title, messages=[message])

    return Server(
        "exposure",
        version=package_version(),
        title="Exposure to the technology conflict",
        instructions=INSTRUCTIONS,
        get_tool_input_schema=lambda name: schema_of(name) if name in TOOLS else None,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
        on_list_prompts=list_prompts,
        on_get_prompt=get_prompt,
    )


async def serve_stdio(service: Service) -> None:
    """Serve over standard input and output until the other side hangs up."""
    server = make_server(service)
    try:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())
    finally:
        await service.close()


def _asker(context: Asked) -> Mapping[str, str]:
    """Headers of whoever asks; over standard input and output there are none."""
    return getattr(context.request, "headers", {})


def _tool(name: str) -> types.Tool:
    tool = TOOLS[name]
    return types.Tool(
        name=name,
        title=tool.title,
        description=tool.text,
        input_schema=schema_of(name),
        annotations=types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )


def _prompt(name: str) -> types.Prompt:
    question = prompts.QUESTIONS[name]
    needs = [types.PromptArgument(name=need, description=text, required=True) for need, text in question.needs.items()]
    return types.Prompt(name=name, title=question.title, arguments=needs)


def _answer(content: dict[str, Any], *, is_error: bool = False) -> types.CallToolResult:
    text = types.TextContent(text=orjson.dumps(content).decode())
    return types.CallToolResult(content=[text], structured_content=content, is_error=is_error)


def _told(error: ExposureError) -> dict[str, Any]:
    told: dict[str, Any] = {"field": error.field, "problem": error.problem, "fix": error.fix}
    if isinstance(error, RefusalError) and error.candidates:
        told["candidates"] = error.candidates
    return told
