"""Coercive acts of China."""

from service.http.routes.reference import reference_router

router = reference_router("events", "coercive acts of China", "a coercive act", "2010-09-rare-earths-japan")
