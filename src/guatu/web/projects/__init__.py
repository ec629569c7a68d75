"""The list of projects, the page of one, and every act on it."""
