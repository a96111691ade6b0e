"""What every part stands on: database, money, months, clock, errors."""
