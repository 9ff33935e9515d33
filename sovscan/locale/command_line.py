"""The French of the command line's help; the English stands where each verb and option is declared."""

import functools
from collections.abc import Mapping
from importlib.resources import files

from sovscan.files.strict_yaml import load
from sovscan.locale.typography import french
from sovscan.model.text import Text


@functools.cache
def command_line() -> Mapping[str, Text]:
    """The texts of ``command_line.yaml`` by key, the French in its typography. Raises YamlError on a faulty file."""
    content = files("sovscan.locale").joinpath("command_line.yaml").read_bytes()
    texts: dict[str, Text] = {}
    for key, node in load(content, name="locale/command_line.yaml").mapping().items():
        said = node.mapping(required=("fr", "en"), optional=())
        texts[key] = Text(fr=french(said["fr"].text()), en=said["en"].text())
    return texts
