"""The user guide inside the product: by task, searchable, with a way there from each page."""
