"""Base of the documents that answer a question: the text under a member is its description on every surface."""

from __future__ import annotations

import ast
import inspect
import textwrap
from itertools import pairwise
from typing import Any, ClassVar

from pydantic import BaseModel, GetJsonSchemaHandler

from scoring.cards.card import card
from scoring.columns import RESULT, Table


class Answer(BaseModel):
    """An answer; a member without a text of its own has that of the column it is named after.

    Attributes
    ----------
    columns : Table
        The columns whose texts the members take.
    card : str or None
        Template of `scoring.cards` that a notebook shows it with.
    """

    columns: ClassVar[Table] = RESULT
    card: ClassVar[str | None] = None

    def _repr_html_(self) -> str | None:
        return None if self.card is None else card(self.card, self)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Schema with the texts; pydantic's own use_attribute_docstrings reads the source whenever it is imported."""
        schema = handler(core_schema)
        members = handler.resolve_ref_schema(schema).get("properties", {})
        columns = {name: column.text for name, column in cls.columns.items()}
        for name, text in (columns | _texts(cls)).items():
            field = cls.model_fields.get(name)
            shown = name if field is None else field.serialization_alias or name
            if shown in members:
                members[shown].setdefault("description", text)
        return schema


def _texts(model: type[BaseModel]) -> dict[str, str]:
    """Texts under the members of a model and of those it is made from, by name."""
    texts: dict[str, str] = {}
    for part in reversed(model.__mro__):
        if issubclass(part, Answer) and part is not Answer:
            definition: Any = ast.parse(textwrap.dedent(inspect.getsource(part))).body[0]
            for member, below in pairwise(definition.body):
                match member, below:
                    case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                        texts[name] = inspect.cleandoc(text)
    return texts
