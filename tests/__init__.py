"""The tests; returns.py makes returns by hand for them."""
