"""Reads the workbooks that analysts fill in and the workbooks that units return."""
