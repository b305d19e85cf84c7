"""Bytes of portal exports and forms -> tables of counts, each number with the cell it comes from."""
