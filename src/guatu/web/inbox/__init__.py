"""The inbox, the day's digest, and the ladders as the rules have them."""
