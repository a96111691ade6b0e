"""Layout, tables, fields and words that several pages use."""
