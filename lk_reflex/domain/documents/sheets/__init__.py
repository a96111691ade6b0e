"""The tables of the pages, to be taken away as CSV and XLSX."""
