"""Whether an audit passes what was asked of it. An open question never passes."""

from sovscan.gate.decision import GateTerms as GateTerms
from sovscan.gate.decision import decide as decide
from sovscan.gate.decision import gate_verdict as gate_verdict
from sovscan.model.gate import Decision as Decision
from sovscan.model.gate import GateReason as GateReason
from sovscan.model.gate import GateResult as GateResult

__all__ = ["Decision", "GateReason", "GateResult", "GateTerms", "decide", "gate_verdict"]
