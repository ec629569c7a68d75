"""Show: what people see in a browser. Views parse, call one action or query, and render."""
