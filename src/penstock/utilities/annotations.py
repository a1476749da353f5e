"""The marks of `penstock.annotations`, where programs written for Prefect import them from."""

from __future__ import annotations

from penstock.core.annotations import BaseAnnotation as BaseAnnotation
from penstock.core.annotations import NotSet as NotSet
from penstock.core.annotations import allow_failure as allow_failure
from penstock.core.annotations import opaque as opaque
from penstock.core.annotations import quote as quote
from penstock.core.annotations import unmapped as unmapped

__all__ = ["BaseAnnotation", "NotSet", "allow_failure", "opaque", "quote", "unmapped"]
