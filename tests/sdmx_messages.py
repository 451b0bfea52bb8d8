"""SDMX messages for tests: a structure as pysdmx writes it, and data as a service would send them."""

from collections.abc import Mapping
from types import MappingProxyType

from pysdmx.io import write_sdmx
from pysdmx.io.format import Format
from pysdmx.model import Code, Codelist, Concept, ConceptScheme, DataType
from pysdmx.model.dataflow import Component, Components, DataStructureDefinition, Role

CODES = {"REF_AREA": ["P01", "P04", "P08"], "INDICATOR": ["ON", "RC"], "OBS_STATUS": ["A", "E", "M", "O"]}
ROLES = {
    "REF_AREA": Role.DIMENSION,
    "INDICATOR": Role.DIMENSION,
    "TIME_PERIOD": Role.DIMENSION,
    "OBS_VALUE": Role.MEASURE,
    "OBS_STATUS": Role.ATTRIBUTE,
}


def structure(
    version: str = "1.0",
    *,
    codes: Mapping[str, list[str]] = CODES,
    renamed: Mapping[str, str] = MappingProxyType({}),
    added: tuple[str, ...] = (),
) -> str:
    """The structure ``NSO:DSD_X`` with its codelists, in SDMX-ML 2.1; attributes may be added, components renamed."""
    roles = {renamed.get(name, name): role for name, role in ROLES.items()} | dict.fromkeys(added, Role.ATTRIBUTE)
    urn = "urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept=NSO:CS(1.0)"
    concepts = {name: Concept(id=name, name=name, urn=f"{urn}.{name}") for name in roles}
    scheme = ConceptScheme(id="CS", agency="NSO", version="1.0", name="concepts", items=list(concepts.values()))
    lists = {
        renamed.get(name, name): Codelist(
            id=f"CL_{name}", agency="NSO", version="1.0", name=name, items=[Code(id=code, name=code) for code in values]
        )
        for name, values in codes.items()
    }
    components = [
        Component(
            id=name,
            required=role != Role.ATTRIBUTE,
            role=role,
            concept=concepts[name],
            local_codes=lists.get(name),
            local_dtype={"TIME_PERIOD": DataType.PERIOD, "OBS_VALUE": DataType.DECIMAL}.get(name),
            attachment_level="O" if role == Role.ATTRIBUTE else None,
        )
        for name, role in roles.items()
    ]
    definition = DataStructureDefinition(
        id="DSD_X", agency="NSO", version=version, name="x", components=Components(components)
    )
    written = write_sdmx([scheme, *lists.values(), definition], Format.STRUCTURE_SDMX_ML_2_1)
    assert isinstance(written, str)
    return written


def data(*observations: str, action: str = "Replace", version: str = "1.0") -> str:
    """A structure-specific data message; each observation is its attributes."""
    v2 = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
    urn = f"urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=NSO:DSD_X({version})"
    listed = "".join(f"<Obs {one}/>" for one in observations)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<mes:StructureSpecificData xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:mes="{v2}/message"
 xmlns:ss="{v2}/data/structurespecific" xmlns:com="{v2}/common" xmlns:ns1="{urn}:ObsLevelDim:AllDimensions">
<mes:Header><mes:ID>X1</mes:ID><mes:Test>false</mes:Test><mes:Prepared>2026-10-05T00:00:00Z</mes:Prepared>
<mes:Sender id="NSO"/><mes:Structure structureID="DSD_X" namespace="{urn}" dimensionAtObservation="AllDimensions">
<com:Structure><Ref agencyID="NSO" id="DSD_X" version="{version}" class="DataStructure"/></com:Structure>
</mes:Structure></mes:Header>
<mes:DataSet ss:structureRef="DSD_X" xsi:type="ns1:DataSetType" ss:dataScope="DataStructure"
 action="{action}">{listed}</mes:DataSet></mes:StructureSpecificData>"""


def observation(area: str, indicator: str, value: str, status: str = "A", period: str = "2026-09") -> str:
    """The attributes of one observation."""
    shown = f'REF_AREA="{area}" INDICATOR="{indicator}" TIME_PERIOD="{period}"'
    return f'{shown} OBS_VALUE="{value}"' + (f' OBS_STATUS="{status}"' if status else "")
