"""Which roles a route lets through, by what they do there."""

from typing import Annotated

from fastapi import Depends

from api.deps import allow
from api.security import Principal

#: Those who put calls in: the CAD, and the floor for what reaches it by voice.
TakesCalls = Annotated[Principal, Depends(allow("integrator", "dispatcher", "supervisor"))]
AddsText = Annotated[Principal, Depends(allow("integrator", "dispatcher", "supervisor", "clinician"))]
ListsCalls = Annotated[
    Principal, Depends(allow("integrator", "dispatcher", "supervisor", "clinician", "manager"))
]
#: Those who may read the words of a call.
ReadsCalls = Annotated[Principal, Depends(allow("dispatcher", "supervisor", "clinician"))]
Reviews = Annotated[Principal, Depends(allow("clinician", "supervisor"))]
Releases = Annotated[Principal, Depends(allow("clinician", "dispatcher", "supervisor"))]
Decides = Annotated[Principal, Depends(allow("dispatcher", "supervisor"))]
Echoes = Annotated[Principal, Depends(allow("integrator"))]
KeepsUnits = Annotated[Principal, Depends(allow("integrator", "supervisor", "admin"))]
MovesUnits = Annotated[Principal, Depends(allow("integrator", "dispatcher", "supervisor"))]
SeesUnits = Annotated[Principal, Depends(allow("integrator", "dispatcher", "supervisor", "clinician"))]
ReportsOutcomes = Annotated[Principal, Depends(allow("integrator", "dispatcher", "supervisor", "clinician"))]
ConfirmsOutcomes = Annotated[Principal, Depends(allow("clinician", "supervisor"))]
SeesOutcomes = Annotated[Principal, Depends(allow("clinician", "supervisor", "manager"))]
WatchesConsole = Annotated[Principal, Depends(allow("dispatcher", "supervisor", "clinician", "manager"))]
ReadsReports = Annotated[Principal, Depends(allow("manager", "supervisor", "clinician"))]
ReadsReader = Annotated[Principal, Depends(allow("manager", "supervisor"))]
#: What could not be parsed may be the words of a call: whoever runs the machines need not read them.
ReadsQuarantine = Annotated[Principal, Depends(allow("supervisor"))]
MindsQuarantine = Annotated[Principal, Depends(allow("supervisor", "admin"))]
