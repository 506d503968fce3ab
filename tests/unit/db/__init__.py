"""What db does without a database."""
