"""The map of communes and villages is changed by decision: looked over, applied, told to the phones, taken back."""
