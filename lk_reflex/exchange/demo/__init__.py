"""Made-up data of any size: a package that looks like a month of real billing, and holds the manual's own account."""
