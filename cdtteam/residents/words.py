"""Phone numbers as residents read and tap them."""

_SHORT_AREA_CODES = ("024", "028")  # Hà Nội and Hồ Chí Minh City; elsewhere they have four digits


def number_shown(phone: str) -> str:
    """0912 345 678, 0256 3123 456; others stay as they are."""
    if not phone.startswith("0") or len(phone) not in (10, 11):
        return phone
    first = 3 if len(phone) == 11 and phone.startswith(_SHORT_AREA_CODES) else 4
    return f"{phone[:first]} {phone[first:-3]} {phone[-3:]}"
