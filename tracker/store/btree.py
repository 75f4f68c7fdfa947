"""The pages of a SQLite file read by themselves, so that what stands on whole pages is had although others are damaged.

After the description of the file format (https://www.sqlite.org/fileformat2.html). Every row is taken by itself: what
cannot be read is left out and counted. A write-ahead log beside the file is read as SQLite would (section 4). Knows no
schema and writes nothing. No connection of this process may have the file open while it is read: see `heading`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self

Value = str | int | float | bytes | None

INDEX_INTERIOR, TABLE_INTERIOR, INDEX_LEAF, TABLE_LEAF = 2, 5, 10, 13
LEAVES = {INDEX_LEAF, TABLE_LEAF}
KINDS = {INDEX_INTERIOR, TABLE_INTERIOR, *LEAVES}
MOST_DEEP = 24  # levels of a tree; a damaged one may lead round in a circle
LONGEST = 1_000_000_000  # bytes of a row, as SQLite allows
WHOLE = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}  # bytes of the whole numbers by serial type
WAL_HEAD, FRAME_HEAD = 32, 24
WAL_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}  # to the order of bytes of its sums


class UnreadableError(Exception):
    """Something here is not as the format has it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it is kept; of a table WITHOUT ROWID, or an index, the number is None."""

    number: int | None
    values: tuple[Value, ...]


@dataclass(slots=True)
class Seen:
    """What reading a tree has come to."""

    pages: set[int] = field(default_factory=set)
    faults: int = 0  # pages and rows that cannot be read


class Pages:
    """The pages of one file with its write-ahead log; a context manager."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises OSError, and UnreadableError where its head says nothing of its pages."""
        self._file: BinaryIO = path.open("rb")
        try:
            head = self._file.read(100)
            self.size = _size(head)
            self._usable = self.size - head[20]
            self._logged = _log(path.with_name(f"{path.name}-wal"), self.size)
            whole = self._file.seek(0, 2) // self.size
        except BaseException:
            self._file.close()
            raise
        self.count = max([whole, *self._logged])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def page(self, number: int) -> bytes:
        """One page; raises UnreadableError where the file ends before it."""
        if number in self._logged:
            return self._logged[number]
        if not 0 < number <= self.count:
            raise UnreadableError(f"page {number} is not there")
        try:
            self._file.seek((number - 1) * self.size)
            found = self._file.read(self.size)
        except OSError as error:  # as of a disk that fails
            raise UnreadableError(f"page {number} cannot be read: {error.strerror}") from error
        if len(found) < self.size:
            raise UnreadableError(f"page {number} is not there")
        return found

    def kind(self, number: int) -> int:
        """What a page of a tree is; 0 for one that is none, or not there."""
        try:
            page = self.page(number)
        except UnreadableError:
            return 0
        kind = page[100 if number == 1 else 0]
        return kind if kind in KINDS else 0

    def free(self) -> set[int]:
        """The pages that nothing is on, or only where others are (section 1.7)."""
        found: set[int] = set()
        try:
            (trunk,) = struct.unpack_from(">I", self.page(1), 32)
            if any(self.page(1)[52:56]):
                found.update(range(2, self.count + 1, self._usable // 5 + 1))
            while trunk and trunk not in found:
                page = self.page(trunk)
                found.add(trunk)
                following, count = struct.unpack_from(">II", page)
                if count > self._usable // 4 - 2:
                    break
                found.update(struct.unpack_from(f">{count}I", page, 8))
                trunk = following
        except UnreadableError:
            pass
        return found

    def rows(self, root: int, seen: Seen) -> Iterator[Row]:
        """The rows of the tree that begins on a page, as far as it can be read; `seen` tells how far that is."""
        ahead = [(root, 0)]
        while ahead:
            number, depth = ahead.pop()
            if number in seen.pages or depth > MOST_DEEP or not self.kind(number):
                seen.faults += 1
                continue
            seen.pages.add(number)
            yield from self.leaf(number, seen)
            ahead += [(child, depth + 1) for child in reversed(self._children(number, seen))]

    def tree(self, root: int) -> Seen:
        """As `rows`, without reading what stands on the leaves or on pages of its own."""
        seen, ahead = Seen(), [(root, 0)]
        while ahead:
            number, depth = ahead.pop()
            if number in seen.pages or depth > MOST_DEEP or not self.kind(number):
                seen.faults += 1
                continue
            seen.pages.add(number)
            ahead += [(child, depth + 1) for child in self._children(number, seen)]
        return seen

    def leaf(self, number: int, seen: Seen) -> Iterator[Row]:
        """The rows that stand on one page."""
        page = self.page(number)
        kind = page[100 if number == 1 else 0]
        if kind == TABLE_INTERIOR:
            return
        for at in self._cells(number, page, seen):
            try:
                yield self._row(page, at, kind, seen)
            except (UnreadableError, IndexError, struct.error):
                seen.faults += 1

    def _cells(self, number: int, page: bytes, seen: Seen) -> list[int]:
        """Where the cells of a page begin."""
        start = 100 if number == 1 else 0
        count = struct.unpack_from(">H", page, start + 3)[0]
        first = start + (8 if page[start] in LEAVES else 12)
        if first + 2 * count > self.size:
            seen.faults += 1
            count = 0
        return list(struct.unpack_from(f">{count}H", page, first))

    def _children(self, number: int, seen: Seen) -> list[int]:
        """The pages below one."""
        page, start = self.page(number), 100 if number == 1 else 0
        if page[start] in LEAVES:
            return []
        cells = self._cells(number, page, seen)
        below = [struct.unpack_from(">I", page, at)[0] for at in cells if at + 4 <= self.size]
        return [*below, struct.unpack_from(">I", page, start + 8)[0]]

    def _row(self, page: bytes, at: int, kind: int, seen: Seen) -> Row:
        if kind == INDEX_INTERIOR:
            at += 4
        length, at = _number(page, at)
        number = None
        if kind == TABLE_LEAF:
            number, at = _number(page, at)
            number -= 1 << 64 if number >= 1 << 63 else 0
        return Row(number, _values(self._payload(page, at, length, kind, seen)))

    def _payload(self, page: bytes, at: int, length: int, kind: int, seen: Seen) -> bytes:
        """The bytes of a row, with those that stand on pages of their own (section 1.6)."""
        if length > LONGEST:
            raise UnreadableError("too long a row")
        most = self._usable - 35 if kind == TABLE_LEAF else (self._usable - 12) * 64 // 255 - 23
        least = (self._usable - 12) * 32 // 255 - 23
        here = length
        if length > most:
            here = least + (length - least) % (self._usable - 4)
            here = least if here > most else here
        if at + here + (4 if here < length else 0) > self._usable:
            raise UnreadableError("a row beyond its page")
        parts = [page[at : at + here]]
        following = struct.unpack_from(">I", page, at + here)[0] if here < length else 0
        left = length - here
        while left > 0:
            if following in seen.pages:
                raise UnreadableError("a row that leads in a circle")
            more = self.page(following)
            seen.pages.add(following)
            parts.append(more[4 : min(self._usable, 4 + left)])
            left -= len(parts[-1])
            (following,) = struct.unpack_from(">I", more)
        return b"".join(parts)


def _size(head: bytes) -> int:
    """Bytes of a page, by the head of the file."""
    size = struct.unpack_from(">H", head, 16)[0] if len(head) == 100 else 0
    size = 65536 if size == 1 else size
    if size < 512 or size & (size - 1):
        raise UnreadableError("the head does not say how large its pages are")
    return int(size)


def _values(data: bytes) -> tuple[Value, ...]:
    """The values of a row (section 2.1)."""
    head, at = _number(data, 0)
    if head > len(data):
        raise UnreadableError("a head beyond its row")
    values, body = [], head
    while at < head:
        kind, at = _number(data, at)
        value, size = _value(data, body, kind)
        body += size
        if body > len(data):
            raise UnreadableError("a value beyond its row")
        values.append(value)
    return tuple(values)


def _value(data: bytes, at: int, kind: int) -> tuple[Value, int]:
    """A value of a serial type, and how many bytes it takes."""
    if kind >= 12:
        size = (kind - 12) // 2
        found = data[at : at + size]
        return (found.decode("utf-8", errors="replace") if kind % 2 else found), size
    if kind in WHOLE:
        size = WHOLE[kind]
        return int.from_bytes(data[at : at + size], "big", signed=True), size
    if kind == 7:
        return struct.unpack_from(">d", data, at)[0], 8
    if kind in {0, 8, 9}:
        return (None if kind == 0 else kind - 8), 0
    raise UnreadableError("a value of no known type")


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for _ in range(8):
        byte = data[at]
        at += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at
    return value << 8 | data[at], at + 1


def _log(path: Path, size: int) -> dict[int, bytes]:
    """The pages that a write-ahead log holds up to its last commit; none where there is no log, or an odd one."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    if len(data) < WAL_HEAD:
        return {}
    magic, _, pages = struct.unpack_from(">III", data)
    if magic not in WAL_MAGIC or pages != size:
        return {}
    order, salt = WAL_MAGIC[magic], data[16:24]
    sums = _sum(data[:24], (0, 0), order)
    if sums != struct.unpack_from(">II", data, 24):
        return {}
    found: dict[int, bytes] = {}
    waiting: dict[int, bytes] = {}
    for at in range(WAL_HEAD, len(data) - FRAME_HEAD - size + 1, FRAME_HEAD + size):
        number, commits = struct.unpack_from(">II", data, at)
        page = data[at + FRAME_HEAD : at + FRAME_HEAD + size]
        sums = _sum(page, _sum(data[at : at + 8], sums, order), order)
        if data[at + 8 : at + 16] != salt or sums != struct.unpack_from(">II", data, at + 16):
            break
        waiting[number] = page
        if commits:
            found |= waiting
            waiting = {}
    return found


def _sum(data: bytes, start: tuple[int, int], order: str) -> tuple[int, int]:
    """The sum of a log's frame (section 4.2)."""
    first, second = start
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for one, other in zip(words[::2], words[1::2], strict=True):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return first, second
