"""Getting in: by password, with limits that hold up strangers and not the owner; the devices that are in."""
