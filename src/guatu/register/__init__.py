"""Who and what exists: organisations, subjects, documents, facts, versions and events."""
