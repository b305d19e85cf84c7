"""Bytes of portal exports and forms -> tables of counts with the cell each came from."""
