"""Everything that is downloaded: receipts, files, tables, codes."""
