"""The reserve: its list, the page of one project in it, proposing from a phone, every act."""
