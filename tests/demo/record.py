"""Record the evidence of the demonstration: ``python -m tests.demo.record`` rewrites data/demo/.

The real probes run over the tables of ``organisations``; the clock and the table of networks are the only other inputs.
"""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from sovscan.catalogue.load import load_catalogue
from sovscan.collect import collect
from sovscan.files.evidence_bundle import write_evidence
from sovscan.model.evidence import Evidence, Vantage
from sovscan.model.target import Target, TargetKind
from sovscan.net.asn_table import AsnTable
from sovscan.probes.probe import Hints
from sovscan.probes.registry import all_probes
from tests.demo.organisations import ORGANISATIONS, Organisation
from tests.recorded_net import RESOLVER, RecordedNet

RECORDED_AT = datetime(2026, 11, 16, 8, 31, tzinfo=UTC)
FOLDER = Path(__file__).resolve().parents[2] / "data" / "demo"


def record(organisation: Organisation) -> Evidence:
    catalogue = load_catalogue()
    header = AsnTable.bundled().header
    return asyncio.run(
        collect(
            (Target(kind=TargetKind.DOMAIN, value=organisation.domain),),
            organisation=organisation.name,
            net=RecordedNet(organisation.recording),
            probes=all_probes(),
            hints=Hints(dkim_selectors=catalogue.dkim_selectors(), host_labels=catalogue.host_labels()),
            clock=lambda: RECORDED_AT,
            vantage=Vantage(mode="recorded", resolvers=(RESOLVER,)),
            versions={"asn_table": f"{header.date} {header.sha256[:16]}", "sovscan": "0.1.0"},
        )
    )


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for organisation in ORGANISATIONS:
        path = FOLDER / f"{organisation.file}.jsonl"
        path.write_bytes(write_evidence(record(organisation)))
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
