"""The analyst's and units' forms as data, shared by their reader (`extract.forms`) and their writer (`load.forms`)."""
