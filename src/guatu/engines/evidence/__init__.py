"""Looking at a file before it is kept as evidence: what it is, what it hides, what it says."""
