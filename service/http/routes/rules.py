"""Export controls."""

from service.http.routes.reference import reference_router

router = reference_router("rules", "export controls", "a package of export controls", "jp-2023-07-23")
