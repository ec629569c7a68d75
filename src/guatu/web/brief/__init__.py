"""The weekly brief: a page of figures with their lists, the paper, and its export."""
