"""From an order to a delivery."""

from cdtteam.monthly.press.archive import Properties, pack, unpack
from cdtteam.monthly.press.faults import Fault
from cdtteam.monthly.press.wire import Delivery, Order


def fill(order: Order) -> Delivery:
    """The template filled, or what is wrong with it; nothing that a template holds makes this raise."""
    try:
        unpack(order.template, order.kind)
        filled = _filled(order)
        return Delivery(pack(filled, Properties(order.title, order.author, order.made)))
    except Fault as fault:
        return Delivery(fault=fault.code, name=fault.name, place=fault.place)
    except MemoryError:
        return Delivery(fault="too_large")
    except Exception as error:  # noqa: BLE001 — files may be broken in ways that their readers were never told of
        return Delivery(fault="unreadable", name=type(error).__name__)


def _filled(order: Order) -> bytes:
    """Only what the kind needs is loaded: that is half of the time."""
    if order.kind == "docx":
        from cdtteam.monthly.press.word import fill_word  # noqa: PLC0415

        return fill_word(order)
    from cdtteam.monthly.press.sheet import fill_sheet  # noqa: PLC0415

    return fill_sheet(order)
