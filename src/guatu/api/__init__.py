"""The interface for programs: reading and reporting under the same policies as the pages."""
