"""The guide as a site: reference pages made from the command tree and the OpenAPI document, and where it is served."""
