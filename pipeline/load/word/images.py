"""Images in a filled Word template: a run with the drawing where the image is printed, and the image as a part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from pipeline.load.charts.emf import EmfImage
from pipeline.text import xml_text

#: Word's unit of length in a millimetre
_EMU: Final = 36000
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_EMBED: Final = f"{{{_RELATIONS}}}embed"


def image_run(image: EmfImage, number: int) -> str:
    """The XML that ends a run of text, draws the image and goes on with the text. `number`: of the image, from 1."""
    size = f'cx="{round(image.width * _EMU)}" cy="{round(image.height * _EMU)}"'
    about = f'id="{number}" name="bieu-do-{number}" descr={quoteattr(xml_text(image.title))}'
    return (
        f'</w:t></w:r><w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0" distB="0" '
        f'distL="0" distR="0"><wp:extent {size}/><wp:docPr {about}/><a:graphic xmlns:a="{_DRAWING}/main">'
        f'<a:graphicData uri="{_DRAWING}/picture"><pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr>'
        f'<pic:cNvPr {about}/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip xmlns:r="{_RELATIONS}" '
        f'r:embed="{_reference(number)}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
        f'<a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        f'</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r><w:r><w:t xml:space="preserve">'
    )


def add_images(document: Any, images: Sequence[EmfImage]) -> None:
    """Add the printed images to the document (a part of python-docx) and connect their drawings with them."""
    drawings = {
        blip.get(_EMBED): blip for blip in document.element.body.iter(f"{{{_DRAWING}/main}}blip") if blip.get(_EMBED)
    }
    for number, image in enumerate(images, 1):
        name = PackURI(f"/word/media/bieu-do-{number}.emf")
        part = Part(name, "image/x-emf", image.data, document.package)
        relation = document.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        if _reference(number) in drawings:  # an image in a header of the office's own is left out
            drawings[_reference(number)].set(_EMBED, relation)


def _reference(number: int) -> str:
    """What stands for the relationship of an image until it is added."""
    return f"bieu-do-{number}"
