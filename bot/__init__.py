"""The edges: HTTP, LINE, jobs, the staff console, the simulator."""
