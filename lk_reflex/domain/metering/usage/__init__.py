"""How much meters count month by month: charts' figures, and hints of leaks and standstills."""
