"""Flow runs that pause: what they wait for is written with the state."""

from __future__ import annotations

from uuid import UUID

from penstock.core.errors import InvalidRequest
from penstock.core.state_type import StateType
from penstock.server.context import Context
from penstock.server.rules.flow_run_life import Facts, Ruling
from penstock.server.services.bulk import audit
from penstock.server.services.pauses import rows
from penstock.wire.flow_runs import Decision, StateProposal

_GONE_THROUGH = "It has gone through this pause, and was resumed."


def open_for(flow_run_id: UUID, proposal: StateProposal, facts: Facts, ruling: Ruling, context: Context) -> Ruling:
    """Return the ruling on a flow run that is to pause: none that it has gone through is gone through again.

    Parameters:
        flow_run_id: the run.
        proposal: of its process, or of a person.
        facts: what is known of the run.
        ruling: as far as the run's state goes.
        context: of the write.

    Raises:
        InvalidRequest: the pause makes no sense.
        ObjectLimitReached: it is too large, or the run goes through too many.
    """
    wanted = proposal.pause
    if proposal.state.type is not StateType.PAUSED:
        raise InvalidRequest(f"A run that becomes {proposal.state.name} does not pause. Leave `pause` out.")
    if ruling.decision is not Decision.ACCEPT:
        return ruling
    found = None if wanted is None else rows.find(flow_run_id, wanted.key, context)
    if found is not None and found["resumed_by"] is not None:
        return Ruling(Decision.REJECT, facts.state, facts.attempt, leases=facts.leased, reason=_GONE_THROUGH)
    if ruling.enters and proposal.attempt is None:
        # What the process of a run says is no act of a person.
        audit.record("flow_runs.propose", 1, {"id": flow_run_id, "state": proposal.state.name}, context)
    if ruling.enters or (wanted is not None and (found is None or found["ended"] is not None)):
        rows.open_(flow_run_id, wanted, context)
    return ruling
