"""Client of the HTTP service: tables as pandas or as rows, from synchronous or asynchronous code."""

from service.client.clients import AsyncClient as AsyncClient
from service.client.clients import Client as Client
from service.client.clients import Connection as Connection
from service.client.flow import ProblemError as ProblemError
