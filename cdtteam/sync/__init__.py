"""The sync protocol's server side: judging mutations once, and telling phones what changed."""
