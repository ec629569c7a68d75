"""Pages on which programs get access: the holder's tokens, and what an administrator permits."""
