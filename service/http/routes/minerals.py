"""Critical minerals."""

from service.http.routes.reference import reference_router

router = reference_router("minerals", "critical minerals", "the supply of a mineral", "gallium")
