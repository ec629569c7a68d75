"""What several benches share: clocks, tables, visits as an officer."""
