"""LINE: the only place that calls it, checks its signature and speaks its JSON."""
