"""Tests against a real database: a SQLite file always, PostgreSQL from TEST_DATABASE_URL or
made here.
"""
