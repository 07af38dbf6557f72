"""Households: who is supported, and what is known of them."""
