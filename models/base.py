"""The frozen base that every noun shares."""

from pydantic import BaseModel, ConfigDict


class Noun(BaseModel):
    """Immutable value; unknown fields are a fault of the sender and are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)
