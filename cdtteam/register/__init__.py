"""The households of a commune at the desk: found, moved, made one, withdrawn and erased by its officers."""
