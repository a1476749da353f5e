"""What of a run's parameters may be written into the record: plain JSON, bounded, without secrets."""

from __future__ import annotations

from penstock.engine.recorded_parameters.recording import is_secret_name as is_secret_name
from penstock.engine.recorded_parameters.recording import recorded as recorded
from penstock.engine.recorded_parameters.recording import shown as shown
