"""What the GDELT Project's files are like: lists of files, their zipped tables, its names of languages.

`tables` reads a list's line and a table's row, `zipped` the lines of an archive that may lie about itself, `codes`
knows languages and times. Asks for nothing and chooses nothing: that is done by `sources` (what is new) and `archives`
(what was).
"""

from __future__ import annotations
