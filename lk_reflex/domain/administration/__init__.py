"""The administrator's own: organizations, staff, texts, and the audit log looked through."""
