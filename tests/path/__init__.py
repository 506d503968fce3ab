"""What the tests of the path share: a fast LINE with its rules on tokens and keys, a worker to
kill.
"""
