"""Measures of China."""

from service.http.routes.reference import reference_router

router = reference_router(
    "countermeasures", "measures of China", "a measure of China", "cn-2010-09-21-japan-embargo-gadolinium"
)
