"""Reads a QR code off a page as a phone's camera does. Errors are not corrected: on a screen nothing is smudged."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import segno.consts
import segno.encoder

encoder: Any = segno.encoder  # without types
consts: Any = segno.consts

_MOVES = re.compile(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?")
_BYTES = 0b0100  # the mode in which links are written

Cell = tuple[int, int]


def read_qr(path: str) -> str:
    """The text of a QR code of version 1 to 9, drawn as the path of an SVG as segno draws it."""
    dark = _dark_cells(path)
    size = 1 + max(column for _, column in dark)
    version = (size - 17) // 4
    level = (_bit(dark, (8, 0)) << 1 | _bit(dark, (8, 1))) ^ 0b10
    mask = (_bit(dark, (8, 2)) << 2 | _bit(dark, (8, 3)) << 1 | _bit(dark, (8, 4))) ^ 0b101
    is_turned = encoder.get_data_mask_functions(False)[mask]
    bits = [_bit(dark, cell) ^ is_turned(*cell) for cell in _data_cells(size)]
    return _text(_in_order(_octets(bits), _block_sizes(version, level)))


def _dark_cells(path: str) -> set[Cell]:
    """Rows and columns of what is black, from 0 at the upper left corner."""
    found: set[Cell] = set()
    x = y = left = top = 0.0
    for move, first, second in _MOVES.findall(path):
        if move == "M":
            x, y = left, top = float(first), float(second)
        elif move == "m":
            x, y = x + float(first), y + float(second)
        else:
            found |= {(int(y - top), int(x - left) + step) for step in range(int(first))}
            x += float(first)
    return found


def _bit(dark: set[Cell], cell: Cell) -> int:
    return int(cell in dark)


def _data_cells(size: int) -> Iterator[Cell]:
    """Where the data stand, in their order: pairs of columns from the right, upwards and downwards in turn."""
    matrix = encoder.make_matrix(size, size)
    encoder.add_finder_patterns(matrix, size, size)
    encoder.add_alignment_patterns(matrix, size, size)
    columns = [*range(size - 1, 6, -2), 5, 3, 1]  # the sixth holds the timing pattern
    for turn, right in enumerate(columns):
        for row in range(size) if turn % 2 else reversed(range(size)):
            yield from ((row, column) for column in (right, right - 1) if matrix[row][column] == 2)


def _octets(bits: list[int]) -> list[int]:
    return [int("".join(map(str, bits[at : at + 8])), 2) for at in range(0, len(bits) - 7, 8)]


def _block_sizes(version: int, level: int) -> list[int]:
    return [kind.num_data for kind in consts.ECC[version][level] for _ in range(kind.num_blocks)]


def _in_order(octets: list[int], sizes: list[int]) -> bytes:
    """The blocks one after the other; in the picture they take turns."""
    blocks: list[list[int]] = [[] for _ in sizes]
    turns = (block for at in range(max(sizes)) for block, size in zip(blocks, sizes, strict=True) if at < size)
    for octet, block in zip(octets, turns, strict=False):
        block.append(octet)
    return bytes(octet for block in blocks for octet in block)


def _text(content: bytes) -> str:
    take = _taker("".join(f"{octet:08b}" for octet in content))
    assert take(4) == _BYTES
    return bytes([take(8) for _ in range(take(8))]).decode()


def _taker(bits: str) -> Callable[[int], int]:
    rest = iter(bits)
    return lambda count: int("".join(next(rest) for _ in range(count)), 2)
