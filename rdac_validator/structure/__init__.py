"""Structure: what the schema declares, checked on the text of a return."""
