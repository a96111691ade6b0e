"""All that is kept of one person: taken away as a file, and deleted (152-ФЗ)."""
