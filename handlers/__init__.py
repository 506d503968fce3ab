"""The conversation: pure decisions, no HTTP, SQL, LINE or clock inside."""
