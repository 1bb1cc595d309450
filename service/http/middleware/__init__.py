"""Layers around the application, plain ASGI, each with one duty; the order is set in `service.app`."""
