"""The last touches that make one file declare both PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1).

WeasyPrint writes one variant a run; what the other asks for is added here, right before the trailer: the PDF/UA
identifier with its extension schema, the scope of header cells, notes and running heads marked as what they are, and
each attachment listed once.
"""

from collections.abc import Iterator
from typing import Any

_UA = b"""<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1" />
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" \
rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
_END = b"</rdf:RDF>"


def finish(document: Any, pdf: Any) -> None:  # noqa: ARG001 - the signature WeasyPrint calls
    """Complete the PDF in place. Raises ValueError when WeasyPrint's metadata is not where it was in version 70."""
    _declare_ua(pdf)
    _scope_headers(pdf)
    _name_notes(pdf)
    _mark_running_lines(pdf)
    _list_attachments_once(pdf)
    _settle(pdf)


def _declare_ua(pdf: Any) -> None:
    stream = _object(pdf, pdf.catalog["Metadata"])
    content = b"".join(part if isinstance(part, bytes) else str(part).encode() for part in stream.stream)
    if content.count(_END) != 1:
        raise ValueError("the XMP metadata has no end of its RDF block")
    stream.stream = [content.replace(_END, _UA + _END)]


def _scope_headers(pdf: Any) -> None:
    for element in pdf.objects:
        if isinstance(element, dict) and element.get("S") == "/TH" and "A" in element:
            row = _object(pdf, element["P"])
            group = _object(pdf, row["P"])
            element["A"]["Scope"] = "/Column" if group.get("S") == "/THead" else "/Row"


def _name_notes(pdf: Any) -> None:
    """Notes at the foot of a page as what they are, with a name each (ISO 14289-1, 7.9), and their numbers as labels.

    WeasyPrint hangs them up in the document itself, beside the part of the page, in a group without meaning.
    """
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    document = _object(pdf, root["K"][0])
    areas = [area for area in (_object(pdf, kid) for kid in document["K"]) if area["S"] == "/NonStruct"]
    named = (_object(pdf, kid) for area in areas for kid in area["K"])
    for number, note in enumerate((one for one in named if one["S"] == "/Span"), 1):
        note["S"] = "/Note"
        note["ID"] = f"(note-{number})"
        _object(pdf, note["K"][0])["S"] = "/Lbl"


def _mark_running_lines(pdf: Any) -> None:
    """Heads, feet and page numbers as artifacts (ISO 14289-1, 7.8): WeasyPrint only leaves them out of the tree."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    in_tree = set(_descendants(pdf, root))
    nums = _object(pdf, root["ParentTree"])["Nums"]
    parents = dict(zip(nums[::2], nums[1::2], strict=True))
    for element in pdf.objects:
        if not isinstance(element, dict) or element.get("Type") != "/StructElem" or id(element) in in_tree:
            continue
        page = _object(pdf, element["Pg"])
        for marked in (kid for kid in element["K"] if isinstance(kid, int)):
            parents[page["StructParents"]][marked] = "null"
            _mark_artifact(_object(pdf, page["Contents"]).stream, marked)
        element.clear()


def _mark_artifact(operations: list[Any], marked: int) -> None:
    for place, operation in enumerate(operations):
        if isinstance(operation, dict) and operation.get("MCID") == marked:
            operations[place - 1] = "/Artifact"
            operation.clear()
            operation["Type"] = "/Pagination"
            return


def _descendants(pdf: Any, element: Any) -> Iterator[int]:
    waiting = [element]
    while waiting:
        current = waiting.pop()
        yield id(current)
        if current.get("Type") != "/OBJR":
            waiting.extend(_object(pdf, kid) for kid in current.get("K", ()) if not isinstance(kid, int))


def _list_attachments_once(pdf: Any) -> None:
    if "AF" in pdf.catalog:
        once = list(dict.fromkeys(pdf.catalog["AF"]))
        pdf.catalog["AF"].clear()
        pdf.catalog["AF"].extend(once)


def _object(pdf: Any, reference: Any) -> Any:
    text = reference.decode() if isinstance(reference, bytes) else str(reference)
    return pdf.objects[int(text.split()[0])]


def _settle(pdf: Any) -> None:
    """Write each object down once: the writer asks for its bytes twice, and each time would compress it anew."""
    import pydyf

    class Settled(pydyf.Object):  # type: ignore[misc] # the library has no types
        """An object that knows its bytes."""

        data = b""
        compressible = False

    for number, element in enumerate(pdf.objects):
        # The writer changes the information still, and counts on the first object's being free.
        if element.free != "f":
            settled = Settled()
            settled.number, settled.generation = element.number, element.generation
            settled.data, settled.compressible = element.data, element.compressible
            pdf.objects[number] = settled
