"""The list of duties, the page of one, and every act on it."""
