"""The reader's own loss: operations, tree, parser."""
