"""The OpenAPI document, its models and examples."""
