"""What is kept: the inbox, the talks, the outbox, registrations, staff and the audit log."""
