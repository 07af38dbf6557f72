"""The desk over what deserves a look: left as it is, put right, or not counted, in calm words and with a reason."""
