"""Phone numbers: Vietnamese national form or E.164 in, one form out."""

import phonenumbers

# Mobile numbers lost their eleventh digit in 2018 (decision 798/QĐ-BTTTT of the Ministry of Information).
_OLD_MOBILES = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035",
    "0166": "036", "0167": "037", "0168": "038", "0169": "039",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip


def normalise_phone(text: str) -> str | None:
    """`0912345678` for a Vietnamese number, E.164 for a foreign one, None for what is no number."""
    bare = "".join(letter for letter in text if letter not in " .-()\u00a0")
    if bare.startswith(("+84", "0084")):
        bare = "0" + bare.removeprefix("+84").removeprefix("0084").removeprefix("0")
    if len(bare) == 10 and f"0{bare[:3]}" in _OLD_MOBILES:  # a spreadsheet's number, without the zero in front
        bare = f"0{bare}"
    if len(bare) == 11 and bare[:4] in _OLD_MOBILES:
        bare = _OLD_MOBILES[bare[:4]] + bare[4:]
    try:
        number = phonenumbers.parse(bare, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or not bare.lstrip("+").isascii() or not bare.lstrip("+").isdigit():
        return None
    if number.country_code == 84:
        return f"0{number.national_number}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
